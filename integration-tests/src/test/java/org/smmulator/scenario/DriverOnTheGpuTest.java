package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.cli.ExitCode;

/** A scenario whose driver takes the place of drm/msm. */
class DriverOnTheGpuTest {
  @TempDir Path folder;

  @Test
  void isReportedLikeAnyOther() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("driver.yaml"),
            """
            about: A driver takes the GPU
            kernel:
              gpu:
                - unbind: {device: 5000000.gpu}
                - bind: {device: 5000000.gpu, driver_managed_dma: true}
                - expect: {count: tasks, is: 0}
            processes:
              painter: [{sleep: 10ms}]
            """);

    CommandRun run = CommandRun.of("run", file.toString());

    assertWithMessage("%s%s", run.out(), run.err()).that(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.lines().getLast()).startsWith("ok: 1 expectation,");
  }
}
