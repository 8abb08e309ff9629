package org.smmulator.oracle;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smmulator.uapi.dmabuf.DmaBufIoctl;
import org.smmulator.uapi.dmabuf.DmaBufSync;
import org.smmulator.uapi.dmabuf.DmaBufSyncFile;
import org.smmulator.uapi.dmabuf.SyncFenceInfo;
import org.smmulator.uapi.dmabuf.SyncFileInfo;
import org.smmulator.uapi.dmabuf.SyncIoctl;
import org.smmulator.uapi.dmabuf.SyncMergeData;
import org.smmulator.uapi.dmabuf.SyncSetDeadline;
import org.smmulator.uapi.drm.DrmAuth;
import org.smmulator.uapi.drm.DrmClient;
import org.smmulator.uapi.drm.DrmGemClose;
import org.smmulator.uapi.drm.DrmGemFlink;
import org.smmulator.uapi.drm.DrmGemOpen;
import org.smmulator.uapi.drm.DrmGetCap;
import org.smmulator.uapi.drm.DrmIoctl;
import org.smmulator.uapi.drm.DrmPrimeHandle;
import org.smmulator.uapi.drm.DrmSetVersion;
import org.smmulator.uapi.drm.DrmSyncobjArray;
import org.smmulator.uapi.drm.DrmSyncobjCreate;
import org.smmulator.uapi.drm.DrmSyncobjDestroy;
import org.smmulator.uapi.drm.DrmSyncobjEventfd;
import org.smmulator.uapi.drm.DrmSyncobjTimelineArray;
import org.smmulator.uapi.drm.DrmSyncobjTimelineWait;
import org.smmulator.uapi.drm.DrmSyncobjTransfer;
import org.smmulator.uapi.drm.DrmSyncobjWait;
import org.smmulator.uapi.drm.DrmUnique;
import org.smmulator.uapi.drm.DrmVersion;
import org.smmulator.uapi.exynos.ExynosGemCreate;
import org.smmulator.uapi.exynos.ExynosGemInfo;
import org.smmulator.uapi.exynos.ExynosGemMap;
import org.smmulator.uapi.exynos.ExynosIoctl;
import org.smmulator.uapi.exynos.G2dCmd;
import org.smmulator.uapi.exynos.G2dExec;
import org.smmulator.uapi.exynos.G2dGetVer;
import org.smmulator.uapi.exynos.G2dSetCmdlist;
import org.smmulator.uapi.exynos.G2dUserptr;
import org.smmulator.uapi.msm.GemCpuFini;
import org.smmulator.uapi.msm.GemCpuPrep;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemMadvise;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.GemSubmitReloc;
import org.smmulator.uapi.msm.GemSubmitSyncobj;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.MsmTimespec;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.uapi.msm.SubmitQueueQuery;
import org.smmulator.uapi.msm.WaitFence;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * Every struct and ioctl number that a client passes, as gcc sees them in the real headers.
 *
 * <p>Debian's newest headers for this image are 6.12's. Newer, and so not held here: {@code struct
 * drm_syncobj_handle} with its point, by which two ioctl numbers carry another size, and {@code
 * DRM_IOCTL_SET_CLIENT_NAME} with its struct.
 */
@Tag("containers")
class UapiOracleTest {
  private static final ImmutableList<StructLayout> STRUCTS =
      ImmutableList.of(
          DrmVersion.LAYOUT,
          DrmGetCap.LAYOUT,
          DrmUnique.LAYOUT,
          DrmClient.LAYOUT,
          DrmGemClose.LAYOUT,
          DrmSyncobjCreate.LAYOUT,
          DrmSyncobjDestroy.LAYOUT,
          DrmSyncobjWait.LAYOUT,
          DrmSyncobjTimelineWait.LAYOUT,
          DrmSyncobjArray.LAYOUT,
          DrmSyncobjTimelineArray.LAYOUT,
          DrmSyncobjTransfer.LAYOUT,
          DrmSyncobjEventfd.LAYOUT,
          DrmPrimeHandle.LAYOUT,
          DrmGemFlink.LAYOUT,
          DrmGemOpen.LAYOUT,
          DrmAuth.LAYOUT,
          DrmSetVersion.LAYOUT,
          DmaBufSync.LAYOUT,
          DmaBufSyncFile.LAYOUT,
          SyncMergeData.LAYOUT,
          SyncFenceInfo.LAYOUT,
          SyncFileInfo.LAYOUT,
          SyncSetDeadline.LAYOUT,
          MsmParam.LAYOUT,
          MsmTimespec.LAYOUT,
          GemNew.LAYOUT,
          GemInfo.LAYOUT,
          GemCpuPrep.LAYOUT,
          GemCpuFini.LAYOUT,
          GemMadvise.LAYOUT,
          GemSubmit.LAYOUT,
          GemSubmitBo.LAYOUT,
          GemSubmitCmd.LAYOUT,
          GemSubmitReloc.LAYOUT,
          GemSubmitSyncobj.LAYOUT,
          WaitFence.LAYOUT,
          SubmitQueue.LAYOUT,
          SubmitQueueQuery.LAYOUT,
          ExynosGemCreate.LAYOUT,
          ExynosGemMap.LAYOUT,
          ExynosGemInfo.LAYOUT,
          G2dGetVer.LAYOUT,
          G2dCmd.LAYOUT,
          G2dUserptr.LAYOUT,
          G2dSetCmdlist.LAYOUT,
          G2dExec.LAYOUT);

  private static final ImmutableMap<String, Integer> IOCTLS =
      ImmutableMap.<String, Integer>builder()
          .put("DRM_IOCTL_VERSION", DrmIoctl.VERSION)
          .put("DRM_IOCTL_GEM_CLOSE", DrmIoctl.GEM_CLOSE)
          .put("DRM_IOCTL_GET_CAP", DrmIoctl.GET_CAP)
          .put("DRM_IOCTL_GET_UNIQUE", DrmIoctl.GET_UNIQUE)
          .put("DRM_IOCTL_GET_CLIENT", DrmIoctl.GET_CLIENT)
          .put("DRM_IOCTL_GET_STATS", DrmIoctl.GET_STATS)
          .put("DRM_IOCTL_SET_CLIENT_CAP", DrmIoctl.SET_CLIENT_CAP)
          .put("DRM_IOCTL_SET_MASTER", DrmIoctl.SET_MASTER)
          .put("DRM_IOCTL_DROP_MASTER", DrmIoctl.DROP_MASTER)
          .put("DRM_IOCTL_SYNCOBJ_CREATE", DrmIoctl.SYNCOBJ_CREATE)
          .put("DRM_IOCTL_SYNCOBJ_DESTROY", DrmIoctl.SYNCOBJ_DESTROY)
          .put("DRM_IOCTL_SYNCOBJ_WAIT", DrmIoctl.SYNCOBJ_WAIT)
          .put("DRM_IOCTL_SYNCOBJ_RESET", DrmIoctl.SYNCOBJ_RESET)
          .put("DRM_IOCTL_SYNCOBJ_SIGNAL", DrmIoctl.SYNCOBJ_SIGNAL)
          .put("DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT", DrmIoctl.SYNCOBJ_TIMELINE_WAIT)
          .put("DRM_IOCTL_SYNCOBJ_QUERY", DrmIoctl.SYNCOBJ_QUERY)
          .put("DRM_IOCTL_SYNCOBJ_TRANSFER", DrmIoctl.SYNCOBJ_TRANSFER)
          .put("DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL", DrmIoctl.SYNCOBJ_TIMELINE_SIGNAL)
          .put("DRM_IOCTL_SYNCOBJ_EVENTFD", DrmIoctl.SYNCOBJ_EVENTFD)
          .put("DRM_IOCTL_PRIME_HANDLE_TO_FD", DrmIoctl.PRIME_HANDLE_TO_FD)
          .put("DRM_IOCTL_PRIME_FD_TO_HANDLE", DrmIoctl.PRIME_FD_TO_HANDLE)
          .put("DRM_IOCTL_GEM_FLINK", DrmIoctl.GEM_FLINK)
          .put("DRM_IOCTL_GEM_OPEN", DrmIoctl.GEM_OPEN)
          .put("DRM_IOCTL_GET_MAGIC", DrmIoctl.GET_MAGIC)
          .put("DRM_IOCTL_AUTH_MAGIC", DrmIoctl.AUTH_MAGIC)
          .put("DRM_IOCTL_SET_VERSION", DrmIoctl.SET_VERSION)
          .put("DMA_BUF_IOCTL_SYNC", DmaBufIoctl.SYNC)
          .put("DMA_BUF_SET_NAME_A", DmaBufIoctl.SET_NAME_A)
          .put("DMA_BUF_SET_NAME_B", DmaBufIoctl.SET_NAME_B)
          .put("DMA_BUF_IOCTL_EXPORT_SYNC_FILE", DmaBufIoctl.EXPORT_SYNC_FILE)
          .put("DMA_BUF_IOCTL_IMPORT_SYNC_FILE", DmaBufIoctl.IMPORT_SYNC_FILE)
          .put("SYNC_IOC_MERGE", SyncIoctl.MERGE)
          .put("SYNC_IOC_FILE_INFO", SyncIoctl.FILE_INFO)
          .put("SYNC_IOC_SET_DEADLINE", SyncIoctl.SET_DEADLINE)
          .put("DRM_IOCTL_MSM_GET_PARAM", MsmIoctl.GET_PARAM)
          .put("DRM_IOCTL_MSM_GEM_NEW", MsmIoctl.GEM_NEW)
          .put("DRM_IOCTL_MSM_GEM_INFO", MsmIoctl.GEM_INFO)
          .put("DRM_IOCTL_MSM_GEM_CPU_PREP", MsmIoctl.GEM_CPU_PREP)
          .put("DRM_IOCTL_MSM_GEM_CPU_FINI", MsmIoctl.GEM_CPU_FINI)
          .put("DRM_IOCTL_MSM_GEM_SUBMIT", MsmIoctl.GEM_SUBMIT)
          .put("DRM_IOCTL_MSM_WAIT_FENCE", MsmIoctl.WAIT_FENCE)
          .put("DRM_IOCTL_MSM_GEM_MADVISE", MsmIoctl.GEM_MADVISE)
          .put("DRM_IOCTL_MSM_SUBMITQUEUE_NEW", MsmIoctl.SUBMITQUEUE_NEW)
          .put("DRM_IOCTL_MSM_SUBMITQUEUE_CLOSE", MsmIoctl.SUBMITQUEUE_CLOSE)
          .put("DRM_IOCTL_MSM_SUBMITQUEUE_QUERY", MsmIoctl.SUBMITQUEUE_QUERY)
          .put("DRM_IOCTL_EXYNOS_GEM_CREATE", ExynosIoctl.GEM_CREATE)
          .put("DRM_IOCTL_EXYNOS_GEM_MAP", ExynosIoctl.GEM_MAP)
          .put("DRM_IOCTL_EXYNOS_GEM_GET", ExynosIoctl.GEM_GET)
          .put("DRM_IOCTL_EXYNOS_G2D_GET_VER", ExynosIoctl.G2D_GET_VER)
          .put("DRM_IOCTL_EXYNOS_G2D_SET_CMDLIST", ExynosIoctl.G2D_SET_CMDLIST)
          .put("DRM_IOCTL_EXYNOS_G2D_EXEC", ExynosIoctl.G2D_EXEC)
          .buildOrThrow();

  /** The kernel's own headers in the image; Debian's linux-headers-*-common has them. */
  private static final String HEADERS = "/usr/src/linux-headers-*/include/uapi";

  @Test
  void theCompilerSeesTheSameLayoutsAndNumbers() throws Exception {
    String said = compileAndRun(program());

    Map<String, String> expected = new TreeMap<>();
    said.lines().map(line -> line.split(" ")).forEach(word -> expected.put(word[0], word[1]));
    assertThat(ours()).isEqualTo(expected);
    assertWithMessage("the program was cut short")
        .that(expected.size())
        .isAtLeast(STRUCTS.size() * 2);
  }

  private static String compileAndRun(String program) throws Exception {
    DockerImageName image =
        DockerImageName.parse(System.getProperty("oracle.image", "smmulator/uapi-oracle:latest"));
    try (GenericContainer<?> compiler =
        new GenericContainer<>(image)
            .withImagePullPolicy(name -> false)
            .withNetworkMode("none")
            .withCopyToContainer(Transferable.of(program), "/work/oracle.c")
            .withCommand("sleep", "600")) {
      compiler.start();
      Container.ExecResult compiled =
          compiler.execInContainer(
              "sh",
              "-c",
              "gcc -D__user= -iquote %1$s/drm -iquote %1$s/linux /work/oracle.c -o /work/oracle"
                  .formatted(HEADERS));
      assertWithMessage(compiled.getStderr()).that(compiled.getExitCode()).isEqualTo(0);
      return compiler.execInContainer("/work/oracle").getStdout();
    }
  }

  private static String program() {
    StringBuilder c = new StringBuilder();
    c.append(
        """
        #include <stddef.h>
        #include <stdio.h>
        #include "dma-buf.h"
        #include "sync_file.h"
        #include "drm.h"
        #include "msm_drm.h"
        #include "exynos_drm.h"
        """);
    c.append("int main(void) {\n");
    for (StructLayout struct : STRUCTS) {
      String name = name(struct);
      c.append("  printf(\"%s %%zu\\n\", sizeof(struct %s));\n".formatted(name, name));
      for (MemoryLayout member : struct.memberLayouts()) {
        String path = name + "." + member.name().orElse("");
        if (member.name().isPresent()) {
          c.append(
              "  printf(\"%s %%zu\\n\", offsetof(struct %s, %s));\n"
                  .formatted(path, name, member.name().get()));
        }
      }
    }
    for (String ioctl : IOCTLS.keySet()) {
      c.append("  printf(\"%s %%u\\n\", (unsigned)%s);\n".formatted(ioctl, ioctl));
    }
    return c.append("  return 0;\n}\n").toString();
  }

  private static Map<String, String> ours() {
    Map<String, String> ours = new TreeMap<>();
    for (StructLayout struct : STRUCTS) {
      ours.put(name(struct), Long.toString(struct.byteSize()));
      for (MemoryLayout member : struct.memberLayouts()) {
        member
            .name()
            .map(field -> name(struct) + "." + field)
            .ifPresent(path ->
                ours.put(
                    path,
                    Long.toString(
                        struct.byteOffset(PathElement.groupElement(member.name().orElseThrow())))));
      }
    }
    IOCTLS.forEach((name, number) -> ours.put(name, Integer.toUnsignedString(number)));
    return ours;
  }

  private static String name(StructLayout struct) {
    return struct.name().orElseThrow();
  }
}
