package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The options of a run: elsewhere, files of the machine, as JSON. */
class RunCommandTest extends CommandTest {
  private static final Path MANUAL = Path.of("..", "userspace-sim", "docs", "run-json.md");

  @TempDir Path directory;

  @Test
  void aScenarioRunsOnAnotherBoardThanItsOwn() {
    assertThat(run("run", "two-processes", "--board", "trogdor")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).startsWith("Two processes, one address, two pagetables (trogdor, ");
    assertBadInput("did you mean 'trogdor'?", "run", "two-processes", "--board", "trogdr");
    assertBadInput("there is no file", "run", "two-processes", "--board", "nowhere.dts");
  }

  @Test
  void ofSeveralBoardsOneIsChosen() {
    assertThat(run("run", "410c-and-820c", "--board", "db820c")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("(db820c, ");
    assertThat(out.toString()).doesNotContain("(db410c, ");
  }

  @Test
  void filesOfTheMachineAreShownAtTheEndAfterTheTimeline() {
    int code =
        run("run", "two-processes", "--cat", "/sys/kernel/iommu_groups", "--cat", "/dev/dri");

    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .containsMatch(
            "\n\n/sys/kernel/iommu_groups\n0\n1\n\n/dev/dri\nby-path\ncard0\nrenderD128\n\nok: ");
    assertBadInput("cannot be read", "run", "two-processes", "--cat", "/nowhere");
  }

  @Test
  void filesOfTheMachineAreShownAtAMoment() {
    String tables = "/sys/kernel/debug/iommu/tasks";

    assertThat(run("run", "two-processes", "--cat", tables, "--cat-at", "painter:1"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("\n\n" + tables + " at painter:1\n");
    assertThat(tablesIn(out.toString())).isEqualTo(0);

    out.getBuffer().setLength(0);
    assertThat(run("run", "two-processes", "--cat", tables, "--cat-at", "painter.job"))
        .isEqualTo(ExitCode.OK);
    assertThat(tablesIn(out.toString())).isAtLeast(1);
  }

  private static long tablesIn(String text) {
    return text.lines().filter(line -> line.matches("0x[0-9a-f]{16}")).count();
  }

  @Test
  void aMomentThatCannotBeIsAnswered() {
    assertBadInput("nothing says what", "run", "two-processes", "--cat-at", "painter");
    assertBadInput(
        "did you mean 'painter'?", "run", "two-processes", "--cat", "/dev", "--cat-at", "paiter:1");
    assertBadInput(
        "'painter:x' is no moment",
        "run",
        "two-processes",
        "--cat",
        "/dev",
        "--cat-at",
        "painter:x");
    assertBadInput(
        "painter has no step 9; its steps are 1 to 8".replace("; ", "\n  "),
        "run",
        "two-processes",
        "--cat",
        "/dev",
        "--cat-at",
        "painter:9");
    assertBadInput(
        "no step of painter gives the name 'jobb'\n  did you mean 'job'?",
        "run",
        "two-processes",
        "--cat",
        "/dev",
        "--cat-at",
        "painter.jobb");
  }

  @Test
  void aProcessEndsInTheTimelineAndAHangIsCounted() {
    assertThat(run("run", "hang")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).containsMatch("bad\\[[0-9]+\\] +ends\n");
    assertThat(out.toString().lines().toList().getLast()).contains(", 2 hangs, ");
  }

  /** The GPU writes TTBR0 of bank 0, whichever bank its driver's domain has got. */
  @Test
  void theBankThatTranslatesIsNamedWithItsOwnTtbr1() throws Exception {
    assertThat(run("run", "two-processes")).isEqualTo(ExitCode.OK);
    String asToday = lineWith("everybody");
    assertThat(asToday).contains(" of bank 0: ");
    assertThat(out.toString()).doesNotContain("which is not it");
    out.getBuffer().setLength(0);

    int code =
        run(
            "run",
            "two-processes",
            "--set",
            "smmu.gpu-default-domain=dma",
            "--set",
            "smmu.context-banks=first-free");

    assertThat(code).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(lineWith("everybody")).containsMatch("TTBR1 0x0002[0-9a-f]+000 of bank 2:");
    assertThat(out.toString())
        .contains("through bank 2, and switches TTBR0 of bank 0, which is not it\n");
  }

  @Test
  void filesThatShareOneTableHaveNoneOfTheirOwnToWalk() {
    assertThat(run("run", "bind-task-2017-shared")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("thief[101]     finds 0x0 at own+0x20");
  }

  // ---- JSON

  @Test
  void aRunIsJsonAndNothingElse() throws Exception {
    JsonNode told = json(ExitCode.OK, "two-processes", "--cat", "/dev/dri");

    JsonNode only = told.get("runs").get(0);
    assertThat(told.get("runs")).hasSize(1);
    assertThat(only.get("board").asText()).isEqualTo("db845c");
    assertThat(only.at("/set/seed").asText()).isEqualTo("0");
    assertThat(only.at("/expectations/met").asInt()).isEqualTo(7);
    assertThat(only.at("/timeline/0/what").asText()).isEqualTo("opens /dev/dri/renderD128");
    assertThat(only.get("files").get("/dev/dri").asText())
        .isEqualTo("by-path\ncard0\nrenderD128\n");
    assertThat(only.get("leaked_pages")).isEmpty();
    assertThat(only.get("counts").toString()).contains("2 jobs");
    assertThat(only.get("exit_code").asInt()).isEqualTo(0);
  }

  @Test
  void eachBoardHasItsRun() throws Exception {
    JsonNode told = json(ExitCode.OK, "410c-and-820c");

    assertThat(told.get("runs").findValuesAsText("board"))
        .containsExactly("db410c", "db820c")
        .inOrder();
  }

  @Test
  void aFailureHasItsPlace() throws Exception {
    JsonNode failure = failedRun().get("failure");

    assertThat(failure.get("line").asInt()).isEqualTo(4);
    assertThat(failure.get("step").asText()).isEqualTo("open");
    assertThat(failure.get("expected").asText()).isEqualTo("success");
    assertThat(failure.get("actual").asText()).contains("ENOENT");
  }

  @Test
  void aMachineThatStoppedSaysWhy() throws Exception {
    JsonNode stopped = stoppedRun();

    assertThat(stopped.at("/stopped/reason").asText()).isEqualTo("deadlock");
    assertThat(stopped.at("/stopped/report")).isNotEmpty();
    assertThat(stopped.get("exit_code").asInt()).isEqualTo(ExitCode.MACHINE_STOPPED);
  }

  @Test
  void theManualListsEachKeyOfARunAndNoOther() throws Exception {
    Set<String> told = new TreeSet<>();
    json(ExitCode.OK, "two-processes", "--cat", "/dev/dri")
        .at("/runs/0")
        .fieldNames()
        .forEachRemaining(told::add);
    failedRun().fieldNames().forEachRemaining(told::add);
    stoppedRun().fieldNames().forEachRemaining(told::add);

    assertWithMessage("docs/run-json.md").that(keysOfManual()).isEqualTo(told);
  }

  private static ImmutableSet<String> keysOfManual() throws IOException {
    Matcher row = Pattern.compile("(?m)^\\| `(\\w+)` ").matcher(Files.readString(MANUAL, UTF_8));
    return row.results().map(found -> found.group(1)).collect(ImmutableSet.toImmutableSet());
  }

  private JsonNode failedRun() throws IOException {
    Path file = scenario("about: x\nboard: virt\nprocesses:\n  p: [open: {node: /dev/nothing}]\n");
    return json(ExitCode.EXPECTATION_FAILED, file.toString()).at("/runs/0");
  }

  private JsonNode stoppedRun() throws IOException {
    Path file =
        scenario(
            """
            about: Each waits for what the other makes afterwards
            board: tm2
            processes:
              a:
                - open: {node: card0, as: card}
                - create_dumb: {fd: card, width: 4, height: 4, as: page}
                - expect: {number: b.one, is: 1}
                - read: {at: page, as: one}
              b:
                - open: {node: card0, as: card}
                - create_dumb: {fd: card, width: 4, height: 4, as: page}
                - expect: {number: a.one, is: 1}
                - read: {at: page, as: one}
            """);
    return json(ExitCode.MACHINE_STOPPED, file.toString()).at("/runs/0");
  }

  private JsonNode json(int exitCode, String scenario, String... options) throws IOException {
    out.getBuffer().setLength(0);
    String[] args = new String[options.length + 3];
    args[0] = "run";
    args[1] = scenario;
    args[2] = "--json";
    System.arraycopy(options, 0, args, 3, options.length);
    assertThat(run(args)).isEqualTo(exitCode);
    return new ObjectMapper().readTree(out.toString());
  }

  private String lineWith(String part) {
    return out.toString().lines().filter(line -> line.contains(part)).findFirst().orElse("");
  }

  private Path scenario(String text) throws IOException {
    return Files.writeString(directory.resolve("s.yaml"), text, UTF_8);
  }

  @Test
  void aFaultThatNeverHappensIsSaid(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("never.yaml"),
            """
            about: The ninth interrupt never comes
            board: db845c
            faults: [{lose_interrupt: {device: 5000000.gpu, nth: 9}}]
            processes: {a: [{sleep: 1ms}]}
            """);

    assertThat(run("run", file.toString())).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("Never happened: lost interrupt of 5000000.gpu.");
  }
}
