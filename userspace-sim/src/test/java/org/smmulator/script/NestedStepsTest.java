package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Steps that stand in steps: rounds of a repeat, children of a fork, and who waits for whom. */
class NestedStepsTest {
  private static final String GPU =
      """
      painter:
        - open: {node: renderD128, as: gpu}
        - gem_new: {fd: gpu, size: 4K, as: canvas}
      """;

  // ---- repeat

  @Test
  void namesAndValuesOfARepeatUseItsIndex() throws Exception {
    ScenarioTrial.of(
            GPU
                + """
                  - repeat:
                      times: 50
                      steps:
                        - gem_new: {fd: gpu, size: 4K, as: page$i}
                        - write: {at: page$i+$(i*16), value: $(i*2+1)}
                  - expect: {read: page0, is: 1}
                  - expect: {read: page49+0x310, is: 99}
                """)
        .assertOk(2);
  }

  @Test
  void aRepeatTakesWordsInTurnAndStandsInAnother() throws Exception {
    ScenarioTrial.of(
            GPU
                + """
                  - repeat:
                      each: [0x10, 0x20]
                      index: at
                      steps:
                        - repeat: {times: 2, steps: [{write: {at: canvas+$(at+1), value: $i}}]}
                        - expect: {read: canvas+$(at+1), is: 1}
                """)
        .assertOk(2);
  }

  @Test
  void anIndexThatNobodyGivesIsAnswered() {
    assertWrong("repeat: {times: 1, steps: [{sleep: $j}]}", "there is no index 'j'", "known: i");
    assertWrong("repeat: {times: 1, steps: [{sleep: $}]}", "'$' that names no index", "buf$i");
    assertWrong("repeat: {each: [a], steps: [{exit: $(i*2)}]}", "no number to compute", "$i");
    assertWrong("repeat: {steps: []}", "either 'times' or 'each'", "times: 3");
    assertWrong(
        "repeat: {times: 2, steps: [{open: {node: card0, as: one}}]}", "'one' is taken", "another");
  }

  @Test
  void aRepeatOfRepeatsIsAnsweredBeforeItFillsTheMemory() {
    String bomb = "sleep: 1us";
    for (int i = 0; i < 6; i++) {
      bomb = "repeat: {times: 10000, steps: [{%s}]}".formatted(bomb);
    }
    assertWrong(bomb, "more than 10000 steps", "less often");
    assertWrong("repeat: &r {times: 2, steps: [{repeat: *r}]}", "more than 8 levels", "out");
  }

  // ---- fork

  @Test
  void aChildHasTheOpenFilesMappingsAndNamesOfItsParent() throws Exception {
    var trial =
        ScenarioTrial.of(
            GPU
                + """
                  - write: {at: canvas, value: 7}
                  - fork:
                      process: sibling
                      steps:
                        - expect: {read: canvas, is: 7}
                        - write: {at: canvas+4, value: 8}
                        - submit:
                            fd: gpu
                            buffers: [canvas]
                            commands: [{mem_write: {at: canvas+8, value: 9}}]
                            as: job
                        - wait: {fence: job}
                  - expect: {process: sibling, exits: 0}
                  - expect: {read: canvas+4, is: 8}
                  - expect: {read: canvas+8, is: 9}
                """);

    trial.assertOk(4);
    assertThat(trial.lines()).contains("painter forks sibling");
    assertThat(trial.lines()).contains("sibling ends");
  }

  @Test
  void aChildOutlivesItsParentAndItsFile() throws Exception {
    ScenarioTrial.of(
            GPU
                + """
                  - fork:
                      process: sibling
                      steps:
                        - expect: {process: painter, exits: 3}
                        - submit:
                            fd: gpu
                            buffers: [canvas]
                            commands: [{mem_write: {at: canvas, value: 9}}]
                            as: job
                        - wait: {fence: job}
                        - expect: {read: canvas, is: 9}
                  - exit: 3
                """)
        .assertOk(2);
  }

  @Test
  void anExpectationOfAChildThatIsNeverStartedIsNotReached() throws Exception {
    ScenarioTrial.of(
            """
            painter:
              - exit: 0
              - fork: {process: sibling, steps: [{expect: {dmesg: x}}]}
            reader:
              - sleep: 1ms
              - kill: {process: sibling, errno: ESRCH}
            """)
        .assertFailed("to be reached", "it ended before");
  }

  @Test
  void theNameOfAChildIsItsOwn() {
    assertWrong("fork: {process: painter, steps: []}", "another 'painter'", "another");
    assertWrong("fork: {process: 'no name', steps: []}", "must be a process's name", "sibling");
    assertWrong("fork: {process: p, steps: [{close: {fd: gqu}}]}", "p has no 'gqu'", "'gpu'");
  }

  // ---- who waits for whom

  @Test
  void parallelWaitsForTheEndOfEachBranch() throws Exception {
    ScenarioTrial.of(
            GPU
                + """
                  - parallel:
                      left: [{sleep: 1ms}, {write: {at: canvas, value: 1}}]
                      right: [{sleep: 2ms}, {write: {at: canvas+4, value: 2}}]
                  - expect: {read: canvas, is: 1}
                  - expect: {read: canvas+4, is: 2}
                """)
        .assertOk(2);
  }

  @Test
  void aBarrierWaitsForAllThatLive() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            slow:
              - sleep: 5ms
              - barrier: start
              - barrier: start
            fast:
              - barrier: start
              - exit: 1
              - barrier: start
            """);

    trial.assertOk(0);
    assertThat(trial.lines())
        .containsAtLeast("slow sleeps 5 ms", "fast passes the barrier start")
        .inOrder();
  }

  @Test
  void aSignalKillsAsItsDefaultSays() throws Exception {
    var trial =
        ScenarioTrial.of(
            """
            victim: [{sleep: 1s}]
            ignorant: [{sleep: 1ms}]
            killer:
              - kill: {process: ignorant, signal: 17}
              - kill: {process: ignorant, signal: 0}
              - kill: {process: victim, signal: 65, errno: EINVAL}
              - kill: {process: victim, signal: SIGUSR1}
              - expect: {process: victim, dies: SIGUSR1}
              - expect: {process: ignorant, exits: 0}
            """);

    trial.assertOk(3);
    assertThat(trial.lines()).contains("victim dies of SIGUSR1");
  }

  @Test
  void anOrdinaryUserMayNotSignalRoot() throws Exception {
    ScenarioTrial.of(
            """
            root: [{sleep: 1ms}]
            alice:
              user: ordinary
              steps: [{kill: {process: root, errno: EPERM}}]
            """)
        .assertOk(1);
  }

  private static void assertWrong(String step, String problem, String cure) {
    String text =
        """
        about: One step is wrong
        processes:
          painter:
            - open: {node: renderD128, as: gpu}
            - STEP
        """
            .replace("STEP", step);
    var e =
        assertThrows(
            ScenarioException.class,
            () -> ScenarioParser.parse(Language.installed(), "bad.yaml", text));
    assertThat(e.report()).contains(problem);
    assertThat(e.cure()).contains(cure);
  }
}
