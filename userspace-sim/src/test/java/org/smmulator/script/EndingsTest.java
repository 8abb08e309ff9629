package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

/** A process that dies where no step says so, or before what is expected of it, fails its run. */
class EndingsTest {
  private static final String STRAY_STORE =
      """
      painter:
        - open: {node: renderD128, as: gpu}
        - gem_new: {fd: gpu, size: 4K, as: own}
      """;

  @Test
  void aCrashThatNobodyExpectsFailsTheStepThatCrashed() throws Exception {
    var trial =
        ScenarioTrial.of(
            STRAY_STORE
                + """
                  - write: {at: own+0x10000000, value: 1}
                  - expect: {read: own, is: 0xbad}
                """);

    trial.assertFailed("the process to live", "it died of SIGSEGV");
    assertThat(trial.lines()).contains("painter dies of SIGSEGV");
  }

  @Test
  void aCrashWithNothingExpectedAfterItFailsToo() throws Exception {
    ScenarioTrial.of(STRAY_STORE + "  - write: {at: own+0x10000000, value: 1}\n")
        .assertFailed("the process to live", "it died of SIGSEGV");
  }

  @Test
  void aCrashThatIsExpectedIsAnExpectationMet() throws Exception {
    ScenarioTrial.of(STRAY_STORE + "  - write: {at: own+0x10000000, value: 1, dies: SIGSEGV}\n")
        .assertOk(1);
  }

  @Test
  void anotherSignalThanTheExpectedOneFails() throws Exception {
    ScenarioTrial.of(STRAY_STORE + "  - write: {at: own+0x10000000, value: 1, dies: SIGBUS}\n")
        .assertFailed("to be reached", "it died of SIGSEGV before");
  }

  @Test
  void aProcessThatLivesWhereItMustDieFails() throws Exception {
    ScenarioTrial.of(STRAY_STORE + "  - write: {at: own, value: 1, dies: SIGSEGV}\n")
        .assertFailed("to die of SIGSEGV", "it lives");
  }

  @Test
  void whatComesAfterAnExpectedDeathIsNeverReached() throws Exception {
    ScenarioTrial.of(
            STRAY_STORE
                + """
                  - write: {at: own+0x10000000, value: 1, dies: SIGSEGV}
                  - expect: {read: own, is: 0}
                """)
        .assertFailed("to be reached", "it died of SIGSEGV before");
  }

  @Test
  void aProcessThatAStepKillsMayDieButNotBeforeItsExpectations() throws Exception {
    String killer =
        """
        killer:
          - sleep: 1ms
          - kill: {process: painter}
        painter:
          - sleep: 10ms
        """;

    var trial = ScenarioTrial.of(killer);
    trial.assertOk(0);
    assertThat(trial.lines()).contains("painter dies of SIGKILL");

    ScenarioTrial.of(killer + "  - expect: {dmesg: never printed}\n")
        .assertFailed("to be reached", "it died of SIGKILL before");
  }

  @Test
  void aProcessThatExitsBeforeItsExpectationsFails() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - exit: 0
              - expect: {dmesg: never printed}
            """)
        .assertFailed("to be reached", "it ended before");
  }
}
