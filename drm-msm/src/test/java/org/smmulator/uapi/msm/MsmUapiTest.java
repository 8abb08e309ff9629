package org.smmulator.uapi.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.uapi.CStruct;

/** The structs and numbers of msm_drm.h against what a C compiler made of the header. */
class MsmUapiTest {
  private static final ImmutableList<StructLayout> STRUCTS =
      ImmutableList.of(
          MsmParam.LAYOUT,
          GemNew.LAYOUT,
          GemInfo.LAYOUT,
          MsmTimespec.LAYOUT,
          GemCpuPrep.LAYOUT,
          GemCpuFini.LAYOUT,
          GemSubmit.LAYOUT,
          GemSubmitBo.LAYOUT,
          GemSubmitCmd.LAYOUT,
          GemSubmitReloc.LAYOUT,
          GemSubmitSyncobj.LAYOUT,
          WaitFence.LAYOUT,
          GemMadvise.LAYOUT,
          SubmitQueue.LAYOUT,
          SubmitQueueQuery.LAYOUT,
          VmBindOp.LAYOUT,
          VmBind.LAYOUT);

  private static final ImmutableMap<String, Integer> IOCTLS =
      ImmutableMap.<String, Integer>builder()
          .put("GET_PARAM", MsmIoctl.GET_PARAM)
          .put("SET_PARAM", MsmIoctl.SET_PARAM)
          .put("GEM_NEW", MsmIoctl.GEM_NEW)
          .put("GEM_INFO", MsmIoctl.GEM_INFO)
          .put("GEM_CPU_PREP", MsmIoctl.GEM_CPU_PREP)
          .put("GEM_CPU_FINI", MsmIoctl.GEM_CPU_FINI)
          .put("GEM_SUBMIT", MsmIoctl.GEM_SUBMIT)
          .put("WAIT_FENCE", MsmIoctl.WAIT_FENCE)
          .put("GEM_MADVISE", MsmIoctl.GEM_MADVISE)
          .put("SUBMITQUEUE_NEW", MsmIoctl.SUBMITQUEUE_NEW)
          .put("SUBMITQUEUE_CLOSE", MsmIoctl.SUBMITQUEUE_CLOSE)
          .put("SUBMITQUEUE_QUERY", MsmIoctl.SUBMITQUEUE_QUERY)
          .put("VM_BIND", MsmIoctl.VM_BIND)
          .buildOrThrow();

  @Test
  void everyFieldLiesWhereTheCompilerPutIt() throws Exception {
    List<String> ours = new ArrayList<>();
    for (StructLayout struct : STRUCTS) {
      StringBuilder line = new StringBuilder("struct " + struct.name().orElseThrow());
      line.append(' ').append(struct.byteSize());
      for (MemoryLayout field : struct.memberLayouts()) {
        if (field.name().isPresent()) {
          String name = field.name().get();
          line.append(' ').append(name).append('=').append(CStruct.offsetof(struct, name));
        }
      }
      ours.add(line.toString());
    }

    assertThat(ours).containsExactlyElementsIn(golden("struct "));
  }

  @Test
  void everyIoctlHasItsNumber() throws Exception {
    List<String> ours = new ArrayList<>();
    IOCTLS.forEach((name, number) -> ours.add("ioctl %s 0x%08X".formatted(name, number)));

    assertThat(ours).containsExactlyElementsIn(golden("ioctl "));
  }

  @Test
  void aSubmitIsReadFieldByField() {
    MemorySegment memory = numbered(GemSubmit.LAYOUT.byteSize());

    GemSubmit submit = GemSubmit.read(memory, 0);

    // The struct is filled with the little-endian words 0, 1, 2, ...: a field holds its offset / 4.
    assertThat(submit)
        .isEqualTo(
            new GemSubmit(
                0,
                1,
                2,
                3,
                4 | 5L << 32,
                6 | 7L << 32,
                8,
                9,
                10 | 11L << 32,
                12 | 13L << 32,
                14,
                15,
                16,
                17));
  }

  @Test
  void aNestedTimeoutIsReadAtItsPlace() {
    WaitFence wait = WaitFence.read(numbered(WaitFence.LAYOUT.byteSize()), 0);

    assertThat(wait).isEqualTo(new WaitFence(0, 1, new MsmTimespec(2 | 3L << 32, 4 | 5L << 32), 6));
  }

  @Test
  void whatIsWrittenIsWhatTheOtherSideReads() {
    MemorySegment memory = MemorySegment.ofArray(new long[5]);
    GemSubmitSyncobj sent = new GemSubmitSyncobj(7, GemSubmitSyncobj.RESET, 0x1_0000_0002L);

    sent.write(memory, 8);

    assertThat(GemSubmitSyncobj.read(memory, 8)).isEqualTo(sent);
    assertThat(memory.get(JAVA_BYTE, 8)).isEqualTo(7);
  }

  private static MemorySegment numbered(long sizeBytes) {
    MemorySegment memory = MemorySegment.ofArray(new long[(int) sizeBytes / 8]);
    for (int i = 0; i < sizeBytes / 4; i++) {
      memory.set(CStruct.U32, 4L * i, i);
    }
    return memory;
  }

  private static ImmutableList<String> golden(String kind) throws IOException {
    String text = Resources.toString(Resources.getResource("golden/msm_drm.txt"), UTF_8);
    return Splitter.on('\n')
        .splitToStream(text)
        .filter(line -> line.startsWith(kind))
        .collect(ImmutableList.toImmutableList());
  }
}
