package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.task.MachineStopped;

/** Stories that block each other, die in each other's arms or never end: each has a clear end. */
class HostileStoriesTest {
  @Test
  void whoeverWaitsAtABarrierGoesOnWhenTheOneWhoIsMissingIsKilled() throws Exception {
    ScenarioTrial.of(
            """
            holder:
              - sleep: 1s
              - barrier: gate
            waiter:
              - barrier: gate
              - expect: {process: holder, dies: SIGKILL}
            killer:
              - sleep: 1ms
              - kill: {process: holder}
            """)
        .assertOk(1);
  }

  @Test
  void aParentThatItsChildKillsIsSurvivedByIt() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            a:
              - parallel:
                  x: [{kill: {process: a}}]
                  y: [{sleep: 1ms}]
            """);

    trial.assertOk(0);
    assertThat(trial.lines()).containsAtLeast("a dies of SIGKILL", "x ends");
  }

  @Test
  void childrenOfARoundThatAKilledParentNeverReachesHoldNobodyUp() throws Exception {
    ScenarioTrial.of(
            """
            mother:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - repeat:
                  times: 2
                  steps:
                    - parallel:
                        left$i:
                          - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page, value: 7}}], as: job}
                          - wait: {fence: job}
                          - sleep: 5ms
                          - barrier: round$i
                        right$i:
                          - barrier: round$i
            killer:
              - sleep: 2ms
              - kill: {process: mother}
            other:
              - expect: {process: mother, dies: SIGKILL}
            """)
        .assertOk(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {a: [{barrier: one}, {barrier: two}], b: [{barrier: two}, {barrier: one}]}                  | the barrier one (trial.yaml:3:
          {a: [{expect: {process: b, exits: 0}}], b: [{expect: {process: a, exits: 0}}]}              | waits for b (trial.yaml:3:
          {a: [{expect: {process: a, exits: 0}}]}                                                     | waits for a (trial.yaml:3:
          """)
  void whoeverWaitsForWhatCannotComeIsNamedWithItsPlace(String processes, String waiter) {
    MachineStopped stopped =
        assertThrows(
            MachineStopped.class, () -> ScenarioTrial.run("processes:\n  " + processes, "virt"));

    assertThat(stopped.reason()).isEqualTo(MachineStopped.Reason.DEADLOCK);
    assertThat(stopped.report()).contains(waiter);
  }

  @Test
  void aResultOfOneWhoDiedBeforeItIsSaidToBeMissing() throws Exception {
    ScenarioTrial.of(
            """
            a:
              - sleep: 1s
              - open: {node: renderD128, as: gpu}
              - get_param: {fd: gpu, param: gpu_id, as: id}
            b:
              - kill: {process: a}
              - expect: {number: a.id, is: 1}
            """)
        .assertFailed("a.id to exist", "a ended without making it");
  }

  @Test
  void nobodySendsASignalToTheDead() throws Exception {
    ScenarioTrial.of(
            """
            a: [{exit: 3}]
            b:
              - expect: {process: a, exits: 3}
              - kill: {process: a, errno: ESRCH}
            """)
        .assertOk(2);
  }

  /** The interrupt is late first, and what then arrives is lost; the hangcheck makes up for it. */
  @Test
  void faultsThatContradictEachOtherBothHappen() throws Exception {
    ScenarioTrial.run(
            """
            faults:
              - lose_interrupt: {device: 5000000.gpu}
              - delay_interrupt: {device: 5000000.gpu, by: 1ms}
              - stop_clock: {device: 5000000.gpu, for: 1ms, after: 100s}
              - stop_clock: {device: 5000000.gpu, for: 2ms, after: 100s}
              - press_memory: {for: 1ms, after: 1ms}
              - press_memory: {for: 2ms, after: 1ms}
            after:
              - expect: {injected: lost interrupt of 5000000.gpu}
              - expect: {injected: late interrupt of 5000000.gpu}
              - expect: {injected: stopped clock of 5000000.gpu, times: 2}
              - expect: {injected: memory pressure, times: 2}
            processes:
              a:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: page}
                - submit: {fd: gpu, buffers: [page], commands: [{mem_write: {at: page, value: 7}}], as: job}
                - wait: {fence: job, timeout: 2s}
                - expect: {read: page, is: 7}
            """,
            "db845c")
        .assertOk(5);
  }

  @Test
  void thousandsOfChildrenEnd() throws Exception {
    ScenarioTrial.run(manyForks(2000), "virt").assertOk(1);
  }

  @Test
  void tenThousandChildrenAreRefusedBeforeAnythingRuns() {
    ScenarioException refused =
        assertThrows(ScenarioException.class, () -> ScenarioTrial.run(manyForks(10_000), "virt"));

    assertThat(refused.report()).contains("more than 10000 steps");
    assertThat(refused.report()).contains("repeat less often");
  }

  private static String manyForks(int count) {
    return """
    processes:
      mother:
        - repeat:
            times: %d
            steps:
              - fork:
                  process: c$i
                  steps:
                    - sleep: 1us
        - expect: {process: c0, exits: 0}
    """
        .formatted(count);
  }
}
