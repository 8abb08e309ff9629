package org.smmulator.oracle;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/** Every struct and ioctl number that a client passes, as gcc sees them in the real headers. */
@Tag("containers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UapiOracleTest {
  /** The kernel's own headers in the image; Debian's linux-headers-*-common has them. */
  private static final String HEADERS = "/usr/src/linux-headers-*/include/uapi";

  /**
   * Structs that Debian's newest headers for this image, 6.12's, do not know or know otherwise, and
   * the ioctl numbers that carry their sizes: {@code drm_syncobj_handle} has got a point since.
   */
  private static final ImmutableSet<String> NEWER_STRUCTS =
      ImmutableSet.of(
          "struct drm_syncobj_handle",
          "struct drm_set_client_name",
          "struct drm_msm_vm_bind",
          "struct drm_msm_vm_bind_op");

  private static final ImmutableSet<String> NEWER_NUMBERS =
      ImmutableSet.of(
          "DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD",
          "DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE",
          "DRM_IOCTL_SET_CLIENT_NAME",
          "DRM_IOCTL_MSM_VM_BIND");

  private final GenericContainer<?> compiler =
      new GenericContainer<>(DockerImageName.parse(OracleImage.name()))
          .withImagePullPolicy(name -> false)
          .withNetworkMode("none")
          .withCommand("sleep", "600");

  private final ImmutableMap<String, Long> ours = UapiMeasures.all();

  @BeforeAll
  void start() {
    compiler.start();
  }

  @AfterAll
  void stop() {
    compiler.stop();
  }

  @Test
  void theCompilerSeesTheSameLayoutsAndNumbers() throws Exception {
    Map<String, Long> known = Maps.filterKeys(ours, measure -> !isNewer(measure));

    assertThat(known.size()).isGreaterThan(600);
    assertThat(measure(known.keySet())).isEqualTo(new TreeMap<>(known));
  }

  @Test
  void whatIsSaidToBeNewerThanTheHeadersIs() throws Exception {
    for (String struct : NEWER_STRUCTS) {
      assertIsNewer("sizeof(%s)".formatted(struct));
    }
    for (String number : NEWER_NUMBERS) {
      assertIsNewer(number);
    }
  }

  private void assertIsNewer(String measure) throws Exception {
    assertThat(ours).containsKey(measure);
    if (compile(List.of(measure)).getExitCode() == 0) {
      assertWithMessage(measure).that(run().get(measure)).isNotEqualTo(ours.get(measure));
    }
  }

  private static boolean isNewer(String measure) {
    return NEWER_NUMBERS.contains(measure)
        || NEWER_STRUCTS.stream()
            .anyMatch(struct -> measure.contains(struct + ",") || measure.contains(struct + ")"));
  }

  private Map<String, Long> measure(Collection<String> measures) throws Exception {
    Container.ExecResult compiled = compile(measures);
    assertWithMessage(compiled.getStderr()).that(compiled.getExitCode()).isEqualTo(0);
    return run();
  }

  private Container.ExecResult compile(Collection<String> measures) throws Exception {
    compiler.copyFileToContainer(Transferable.of(program(measures)), "/work/oracle.c");
    return compiler.execInContainer(
        "sh",
        "-c",
        "gcc -D__user= -iquote %1$s/drm -iquote %1$s/linux /work/oracle.c -o /work/oracle"
            .formatted(HEADERS));
  }

  private Map<String, Long> run() throws Exception {
    return compiler
        .execInContainer("/work/oracle")
        .getStdout()
        .lines()
        .map(line -> line.split("=", 2))
        .collect(
            Collectors.toMap(
                word -> word[1], word -> Long.valueOf(word[0]), (one, _) -> one, TreeMap::new));
  }

  private static String program(Collection<String> measures) {
    StringBuilder c =
        new StringBuilder(
            """
            #include <stddef.h>
            #include <stdio.h>
            #include "dma-buf.h"
            #include "dma-heap.h"
            #include "sync_file.h"
            #include "drm.h"
            #include "drm_mode.h"
            #include "msm_drm.h"
            #include "exynos_drm.h"
            int main(void) {
            """);
    for (String measure : measures) {
      c.append(
          "  printf(\"%%llu=%s\\n\", (unsigned long long)(unsigned)(%s));\n"
              .formatted(measure, measure));
    }
    return c.append("  return 0;\n}\n").toString();
  }
}
