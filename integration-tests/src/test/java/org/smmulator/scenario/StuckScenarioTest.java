package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.cli.ExitCode;

/** A scenario that gets stuck, or breaks an expectation, is reported with its cause. */
class StuckScenarioTest {
  @TempDir Path directory;

  @Test
  void twoProcessesThatWaitForEachOtherAreADeadlockAndItsReport() throws Exception {
    var run =
        run(
            """
            about: Each waits for the other
            processes:
              one:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: a}
                - expect: {number: two.n, is: 0}
                - read: {at: a, as: n}
              two:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: a}
                - expect: {number: one.n, is: 0}
                - read: {at: a, as: n}
            """);

    assertThat(run.exitCode()).isEqualTo(ExitCode.MACHINE_STOPPED);
    assertThat(run.err()).contains("deadlock");
    assertThat(run.err())
        .contains("one[100] waits for two.n (%s:6:24)".formatted(directory.resolve("s.yaml")));
    assertThat(run.err())
        .contains("two[101] waits for one.n (%s:11:24)".formatted(directory.resolve("s.yaml")));
    assertThat(run.err().strip()).endsWith("smmulator: not ok: the machine stopped, a deadlock");
    assertThat(run.err()).doesNotContain("\tat ");
  }

  /**
   * The commands poll an address that the closed file took along, and each look is a fault. To the
   * kernel the GPU has nothing to do, so it takes its power after the delay of its runtime PM: the
   * run ends, and soon.
   */
  @Test
  void commandsThatOutliveTheirFileAndPollForEverAreTheEndOfARun() throws Exception {
    var run =
        run(
            """
            about: A client forges the fence, keeps the command processor, and leaves
            processes:
              evil:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: own}
                - submit:
                    fd: gpu
                    buffers: [own]
                    commands:
                      - mem_write: {at: 0x1000000000004, value: 0x1000}
                      - wait_mem: {at: own, equals: 1}
                    as: job
                - sleep: 10ms
                - close: {fd: gpu}
            """);

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    Matcher verdict = Pattern.compile("(\\d+) refused accesses, nothing leaked").matcher(run.out());
    assertThat(verdict.find()).isTrue();
    assertThat(Integer.parseInt(verdict.group(1))).isLessThan(1_000);
    assertThat(run.out()).containsMatch("refused by the SMMU; \\d+ more until \\d+\\.\\d+\n");
  }

  @Test
  void aWrongValueShowsWhatIsThereAndTheTraceThatLedToIt() throws Exception {
    var run =
        run(
            """
            about: It wrote something else
            processes:
              one:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: a}
                - submit: {fd: gpu, buffers: [a], commands: [mem_write: {at: a, value: 1}], as: job}
                - wait: {fence: job}
                - expect: {read: a, is: 2}
            """);

    assertThat(run.exitCode()).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(run.out()).contains("s.yaml:8:7: expect of one");
    assertThat(run.out()).contains("expected  a to be 0x2");
    assertThat(run.out()).contains("but       it is 0x1");
    assertThat(run.out()).contains("msm_gpu_submit");
  }

  @Test
  void whoWaitsForAProcessThatIsGoneIsToldSo() throws Exception {
    var run =
        run(
            """
            about: It never submits
            processes:
              one:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: a}
                - exit: 0
              two:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: a}
                - expect: {iova: a, equals: one.a}
            """);

    assertThat(run.exitCode()).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(run.out()).contains("but       one ended without asking for it");
  }

  private CommandRun run(String scenario) throws Exception {
    Path file = directory.resolve("s.yaml");
    Files.writeString(file, scenario, UTF_8);
    return CommandRun.of("run", file.toString());
  }
}
