package org.smmulator.script;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;

/** What a scenario file may say, and what it is told when it says something else. */
class ScenarioParserTest {
  private static final Language LANGUAGE = Language.installed();
  private static final String PAINTER =
      """
      about: One process paints
      processes:
        painter:
          - open: {node: renderD128, as: gpu}
          - gem_new: {fd: gpu, size: 64K, as: canvas}
          - submit:
              fd: gpu
              buffers: [canvas]
              commands: [{mem_write: {at: canvas+0x10, value: 0xcafe}}]
              as: job
          - wait: {fence: job, timeout: 5ms}
          - expect: {read: canvas+0x10, is: 0xcafe}
      """;

  @Test
  void stepsBecomeTypedActionsInTheOrderOfTheFile() throws Exception {
    var scenario = ScenarioParser.parse(LANGUAGE, "paint.yaml", PAINTER);

    assertThat(scenario.about()).isEqualTo("One process paints");
    assertThat(scenario.board().value()).isEqualTo("db845c");
    var steps = scenario.processes().get(0).steps();
    assertThat(steps.stream().map(Step::keyword))
        .containsExactly("open", "gem_new", "submit", "wait", "expect")
        .inOrder();
    assertThat(steps.stream().map(Step::words))
        .containsExactly(
            "opens /dev/dri/renderD128",
            "makes a buffer of 64 KiB as canvas",
            "submits job: write 0xcafe to canvas+0x10",
            "job has signalled",
            "finds 0xcafe at canvas+0x10")
        .inOrder();
  }

  /**
   * Its own, also where a shipped scenario has that name, and of a pipe that nobody reads twice.
   */
  @Test
  void aScenarioHasTheTextThatItWasReadFrom() throws Exception {
    for (String file : List.of("two-processes.yaml", "./x", "/dev/stdin")) {
      assertThat(ScenarioParser.parse(LANGUAGE, file, PAINTER).text()).isEqualTo(PAINTER);
    }
  }

  /** A file of one's own is run by its path, also where a shipped scenario has its name. */
  @Test
  void aScenarioIsNamedAsACommandTakesIt() throws Exception {
    assertThat(new Scenarios().load("two-processes").name()).isEqualTo("two-processes");
    assertThat(ScenarioParser.parse(LANGUAGE, "two-processes.yaml", PAINTER).name())
        .isEqualTo("two-processes.yaml");
  }

  @Test
  void aStepMaySayWhichErrorItMustEndWith() throws Exception {
    var scenario =
        ScenarioParser.parse(
            LANGUAGE, "x.yaml", PAINTER + "    - gem_new: {fd: gpu, size: 0, errno: EINVAL}\n");

    assertThat(scenario.processes().get(0).steps().getLast().errno()).isEqualTo(Errno.EINVAL);
  }

  @Test
  void aNameOfAnotherProcessMayStandBeforeItIsGiven() throws Exception {
    var scenario =
        ScenarioParser.parse(
            LANGUAGE,
            "x.yaml",
            """
            about: The reader asks for the painter's canvas
            processes:
              reader:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: page}
                - expect: {iova: page, equals: painter.canvas}
              painter:
                - open: {node: renderD128, as: gpu}
                - gem_new: {fd: gpu, size: 4K, as: canvas}
            """);

    assertThat(scenario.processes()).hasSize(2);
  }

  @Test
  void aProcessIsRootsUnlessItSaysOtherwise() throws Exception {
    Scenario scenario =
        ScenarioParser.parse(
            LANGUAGE,
            "x.yaml",
            """
            about: Root takes a driver off
            processes:
              admin:
                - write_file: {path: /sys/a, text: b}
              guest: {user: ordinary, steps: []}
            """);

    assertThat(scenario.processes().get(0).user()).isEqualTo(Scenario.User.ROOT);
    assertThat(scenario.processes().get(1).user()).isEqualTo(Scenario.User.ORDINARY);
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestKnownOne() {
    assertWrong(
        PAINTER.replace("size: 64K", "sise: 64K"),
        "bad.yaml:5:26: gem_new has no key 'sise'",
        "did you mean 'size'?");
  }

  @Test
  void anUnknownStepIsRefusedWithTheNearestKnownOne() {
    assertWrong(
        PAINTER.replace("- wait:", "- weit:"),
        "bad.yaml:11:7: there is no step 'weit'",
        "did you mean 'wait'?");
  }

  @Test
  void aNameThatNobodyGaveIsRefusedBeforeAnythingRuns() {
    assertWrong(
        PAINTER.replace("read: canvas+0x10", "read: canvsa+0x10"),
        "bad.yaml:12:22: painter has no 'canvsa' at this point: expected a buffer",
        "did you mean 'canvas'?");
  }

  @Test
  void aNameIsUsedForWhatItIsOnly() {
    assertWrong(
        PAINTER.replace("fence: job", "fence: canvas"),
        "bad.yaml:11:21: 'canvas' is a buffer, expected a job",
        "submit");
  }

  @Test
  void aProcessThatDoesNotExistIsNamed() {
    assertWrong(
        PAINTER + "    - kill: {process: paiter}\n",
        "bad.yaml:13:23: there is no process 'paiter'",
        "did you mean 'painter'?");
  }

  @Test
  void aNumberThatIsNoneIsShown() {
    assertWrong(
        PAINTER.replace("size: 64K", "size: many"),
        "bad.yaml:5:32: 'size' of gem_new must be a size, not 'many'",
        "64K");
  }

  @Test
  void anErrorThatNoKernelKnowsIsRefused() {
    assertWrong(
        PAINTER + "    - close: {fd: gpu, errno: EINVALID}\n",
        "bad.yaml:13:31: there is no error 'EINVALID'",
        "did you mean 'EINVAL'?");
  }

  @Test
  void aSystemCallTakesThingsOfItsOwnProcessOnly() {
    assertWrong(
        PAINTER
            + """
              reader:
                - wait: {fence: painter.job}
            """,
        "bad.yaml:14:21: 'painter.job' belongs to another process",
        "only expectations");
  }

  @Test
  void theCpuReachesBuffersOfItsOwnOnly() {
    assertWrong(
        PAINTER + "    - write: {at: painter.canvas, value: 1}\n".replace("painter", "reader"),
        "bad.yaml:13:19: the process cannot reach 'reader.canvas' with its CPU",
        "canvas+0x10");
  }

  @Test
  void aKeyGivenTwiceIsRefused() {
    assertWrong(
        PAINTER.replace("size: 64K", "size: 64K, size: 4K"),
        "bad.yaml:5:37: 'size' of gem_new is given twice",
        "remove");
  }

  @Test
  void whatIsNotYamlSaysWhere() {
    assertWrong(PAINTER + "  [", "bad.yaml:13:", "indentation");
  }

  @Test
  void anEmptyFileSaysWhatIsExpected() {
    assertWrong("", "bad.yaml:1:1: the file is empty", "processes");
  }

  @Test
  void aValueThatDoesNotFitAWordOfTheGpuIsRefused() {
    assertWrong(
        PAINTER.replace("is: 0xcafe", "is: 0x1cafecafe"),
        "bad.yaml:12:15: 0x1cafecafe has more than 32 bits",
        "'bits'");
  }

  @Test
  void whenAllHaveEndedOnlyTheLogIsLeftToLookAt() {
    assertWrong(
        PAINTER + "after:\n  - sleep: 1ms\n",
        "bad.yaml:14:5: when every process has ended",
        "dmesg");
  }

  private static void assertWrong(String text, String head, String cure) {
    var e =
        assertThrows(
            ScenarioException.class, () -> ScenarioParser.parse(LANGUAGE, "bad.yaml", text));

    assertThat(e.report()).startsWith(head);
    assertThat(e.cure()).contains(cure);
  }
}
