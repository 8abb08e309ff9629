package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Names of another process: waited for, missed when it ends without them, given once only. */
class NamesAcrossProcessesTest {
  @Test
  void aProcessWaitsUntilAnotherHasMadeWhatItNames() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            reader:
              - expect: {number: painter.id, is: 630}
            painter:
              - sleep: 5ms
              - open: {node: renderD128, as: gpu}
              - get_param: {fd: gpu, param: gpu_id, as: id}
            """);

    trial.assertOk(1);
    assertThat(trial.lines().indexOf("reader finds painter.id to be 0x276"))
        .isGreaterThan(trial.lines().indexOf("painter asks for gpu_id as id"));
  }

  @Test
  void aBufferOfAnotherProcessHasNoAddressBeforeThatProcessAsksForIt() throws Exception {
    String reader =
        """
        reader:
          - open: {node: renderD128, as: gpu}
          - gem_new: {fd: gpu, size: 4K, as: page}
          - expect: {iova: page, equals: painter.canvas}
        painter:
          - open: {node: renderD128, as: gpu}
          - gem_new: {fd: gpu, size: 4K, as: canvas}
          - sleep: 5ms
        """;

    ScenarioTrial.of(reader + "  - gem_info: {buffer: canvas, info: iova}\n")
        .assertFailed("painter.canvas to have an address", "painter ended without asking for it");
    ScenarioTrial.of(reader + "  - expect: {iova: canvas, equals: canvas}\n").assertOk(2);
  }

  @Test
  void aProcessThatEndsWithoutMakingItIsNamed() throws Exception {
    ScenarioTrial.of(
            """
            reader:
              - expect: {number: painter.id, is: 1}
            painter:
              - open: {node: renderD128, as: gpu}
              - exit: 0
              - get_param: {fd: gpu, param: gpu_id, as: id}
            """)
        .assertFailed("painter.id to exist", "painter ended without making it");
  }

  @Test
  void aProcessThatIsKilledWhileItWaitsEndsThere() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            reader:
              - expect: {number: painter.id, is: 1}
            painter:
              - sleep: 1ms
              - kill: {process: reader}
              - sleep: 1ms
              - open: {node: renderD128, as: gpu}
              - get_param: {fd: gpu, param: gpu_id, as: id}
            """);

    trial.assertFailed("to be reached", "it died of SIGKILL before");
    assertThat(trial.lines()).doesNotContain("reader ends");
  }

  @Test
  void aJobOfAnotherProcessCountsAsSignalledWhenThatProcessHasSeenIt() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
              - submit: {fd: gpu, commands: [{nop: 1}], as: job}
              - sleep: 5ms
              - wait: {fence: job}
            reader:
              - expect: {fence: painter.job, is: pending}
              - sleep: 1ms
              - expect: {fence: painter.job, is: pending}
              - expect: {fence: painter.job, is: signalled}
            """)
        .assertOk(3);
  }

  @Test
  void twoProcessesMayGiveTheSameName() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - open: {node: renderD128, as: gpu}
            reader:
              - open: {node: renderD128, as: gpu}
            """)
        .assertOk(0);
  }

  @Test
  void oneProcessMayNot() {
    var e =
        assertThrows(
            ScenarioException.class,
            () ->
                ScenarioTrial.of(
                    """
                    painter:
                      - open: {node: renderD128, as: gpu}
                      - dup: {fd: gpu, as: gpu}
                    """));

    assertThat(e.report()).startsWith("trial.yaml:5:26: the name 'gpu' is taken");
  }

  @Test
  void aNameThatItsProcessNeverGivesIsFoundBeforeAnythingRuns() {
    var e =
        assertThrows(
            ScenarioException.class,
            () ->
                ScenarioTrial.of(
                    """
                    reader:
                      - expect: {number: painter.id, is: 1}
                    painter:
                      - open: {node: renderD128, as: gpu}
                    """));

    assertThat(e.report()).contains("painter has no 'id' at this point: expected a number");
  }
}
