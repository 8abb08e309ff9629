package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A folder of scenarios as CI sees it. KTAP's lines are those of the kernel's documentation. */
class TestCommandTest extends CommandTest {
  private static final String FINE = "about: x\nboard: virt\nprocesses:\n  p: [sleep: 1us]\n";
  private static final String FAILS =
      "about: x\nboard: virt\nprocesses:\n  p:\n    - open: {node: /dev/nothing}\n";

  @TempDir Path suite;
  @TempDir Path lists;

  @BeforeEach
  void aSuite() throws IOException {
    scenario("fails.yaml", FAILS);
    scenario("deep/fine.yaml", FINE);
    scenario("both.yaml", FINE.replace("virt", "[virt, tm2]"));
    scenario("broken.yaml", "about: x\n");
    Files.writeString(suite.resolve("README"), "no scenario");
  }

  @Test
  void eachTestHasALineAndAFailureItsReason() {
    assertThat(run("test", suite.toString())).isEqualTo(ExitCode.EXPECTATION_FAILED);

    assertThat(results())
        .containsExactly(
            "KTAP version 1",
            "1..5",
            "ok 1 both@virt",
            "ok 2 both@tm2",
            "not ok 3 broken # ERROR %s/broken.yaml:1:1: the scenario lacks the key 'processes'"
                .formatted(suite),
            "ok 4 deep/fine",
            "not ok 5 fails # %s/fails.yaml:5:7: expected success, but ENOENT (No such file or"
                    .formatted(suite)
                + " directory) from open /dev/nothing")
        .inOrder();
    assertThat(out.toString()).contains("\n#   expected  success\n");
    assertThat(out.toString()).endsWith("# Totals: pass:3 fail:1 xfail:0 xpass:0 skip:0 error:1\n");
  }

  @Test
  void aSuiteInWhichAllIsFineIsASuccess() {
    assertThat(run("test", suite.resolve("deep").toString(), "two-processes"))
        .isEqualTo(ExitCode.OK);

    assertThat(results()).containsAtLeast("ok 1 fine", "ok 2 two-processes").inOrder();
  }

  @Test
  void whatIsKnownToFailIsFineAndWhatDoesBetterIsNot() throws IOException {
    Path fails =
        list("fails.txt", "# since the board came\nfails,Fail\ndeep/fine,Crash\ngone,Fail\n");
    Path skips = list("skips.txt", "^br.*\n");

    assertThat(
            run("test", suite.toString(), "--fails", fails.toString(), "--skips", skips.toString()))
        .isEqualTo(ExitCode.EXPECTATION_FAILED);

    assertThat(results())
        .containsAtLeast(
            "ok 3 broken # SKIP %s:1".formatted(skips),
            "not ok 4 deep/fine # Pass, and %s:3 says Crash".formatted(fails),
            "ok 5 fails # XFAIL Fail, and %s:2 says Fail".formatted(fails));
    assertThat(out.toString()).contains("# %s:4 names no test: gone,Fail\n".formatted(fails));
    assertThat(out.toString()).endsWith("# Totals: pass:2 fail:0 xfail:1 xpass:1 skip:1 error:0\n");
  }

  @Test
  void aTestThatEndsWorseThanItsListSaysIsAFailureAndOneThatEndsBetterToo() throws IOException {
    scenario(
        "stuck.yaml",
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
    Path fails = list("fails.txt", "fails,Timeout\nstuck,Fail\n");

    int code =
        run(
            "test",
            suite.resolve("fails.yaml").toString(),
            suite.resolve("stuck.yaml").toString(),
            "--fails",
            fails.toString());

    assertThat(code).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(results())
        .containsAtLeast(
            "not ok 1 fails # Fail, and %s:1 says Timeout".formatted(fails),
            "not ok 2 stuck # TIMEOUT Timeout, and %s:2 says Fail".formatted(fails));
    assertThat(out.toString()).contains("# smmulator: not ok: the machine stopped, a deadlock\n");
  }

  @Test
  void aFlakeIsToldWithWhatItsCommentSays() throws IOException {
    Path flakes =
        list(
            "flakes.txt",
            """
            # Board Name: virt
            # Bug Report: https://example.org/1
            # Failure Rate: 33
            # Linux Version: 7.1
            fail

            # nothing known
            fine
            """);

    int code =
        run(
            "test",
            suite.resolve("deep").toString(),
            suite.resolve("fails.yaml").toString(),
            "--flakes",
            flakes.toString());

    assertThat(code).isEqualTo(ExitCode.OK);
    assertThat(results())
        .containsAtLeast(
            "ok 1 fine",
            "ok 2 fails # XFAIL flake: %s:5, Board Name: virt, Bug Report: https://example.org/1,"
                    .formatted(flakes)
                + " Failure Rate: 33, Linux Version: 7.1");
  }

  @Test
  void aListThatMeansNothingIsAnsweredWithItsPlace() throws IOException {
    String fine = suite.resolve("deep").toString();
    assertBadInput(
        "l.txt:2: 'hang' does not say how a test fails",
        "test",
        fine,
        "--fails",
        list("l.txt", "# x\nhang\n").toString());
    assertBadInput(
        "l.txt:1: '(' is no pattern", "test", fine, "--skips", list("l.txt", "(\n").toString());
    assertBadInput(
        "l.txt:2: 'a' is also at ",
        "test",
        fine,
        "--fails",
        list("l.txt", "a,Fail\na,Crash\n").toString());
    assertBadInput("there is no file", "test", fine, "--flakes", "nowhere.txt");
    assertBadInput("there is no scenario in", "test", lists.toString());
    assertBadInput("there is no scenario 'two-proceses'", "test", "two-proceses");
    assertBadInput("Missing required parameter", "test");
    assertBadInput("numbers from 1 on", "test", fine, "--jobs", "0");
    assertBadInput("cannot be written", "test", fine, "--junit", "/nowhere/x.xml");
  }

  @Test
  void aTestThatIsRepeatedHasASubtestForEachSeed() {
    int code =
        run(
            "test",
            suite.resolve("deep").toString(),
            suite.resolve("fails.yaml").toString(),
            "--repeat",
            "2",
            "--seed-from",
            "7");

    assertThat(code).isEqualTo(ExitCode.EXPECTATION_FAILED);
    assertThat(out.toString())
        .startsWith(
            """
            KTAP version 1
            1..2
              KTAP version 1
              1..2
              ok 1 seed-7
              ok 2 seed-8
            ok 1 fine
              KTAP version 1
              1..2
              not ok 1 seed-7 # \
            """);
    assertThat(out.toString()).contains("not ok 2 fails # 2 of 2 seeds, first 7: ");
  }

  @Test
  void jobsSideBySidePrintTheSame() {
    int alone = run("test", suite.toString(), "two-processes", "--repeat", "2");
    String printed = out.toString();
    out.getBuffer().setLength(0);

    int together = run("test", suite.toString(), "two-processes", "--repeat", "2", "--jobs", "3");

    assertThat(together).isEqualTo(alone);
    assertThat(out.toString()).isEqualTo(printed);
  }

  @Test
  void junitsXmlSaysTheSameAndIsTheSameTwice() throws Exception {
    Path first = lists.resolve("first.xml");
    Path second = lists.resolve("second.xml");
    Path skips = list("skips.txt", "@tm2$\n");
    for (Path file : new Path[] {first, second}) {
      int code =
          run("test", suite.toString(), "--junit", file.toString(), "--skips", skips.toString());
      assertThat(code).isEqualTo(ExitCode.EXPECTATION_FAILED);
    }

    Document read =
        DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(first.toFile());
    Element found = (Element) read.getElementsByTagName("testsuite").item(0);
    assertThat(found.getAttribute("tests")).isEqualTo("5");
    assertThat(found.getAttribute("failures")).isEqualTo("1");
    assertThat(found.getAttribute("errors")).isEqualTo("1");
    assertThat(found.getAttribute("skipped")).isEqualTo("1");
    Element deep = (Element) found.getElementsByTagName("testcase").item(3);
    assertThat(deep.getAttribute("classname")).isEqualTo("smmulator.deep");
    assertThat(deep.getAttribute("name")).isEqualTo("fine");
    assertThat(Double.parseDouble(deep.getAttribute("time"))).isAtLeast(1e-6);
    Element failure = (Element) found.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).contains("expected success, but ENOENT");
    assertThat(failure.getTextContent()).contains("  expected  success");
    assertThat(Files.readString(second, UTF_8)).isEqualTo(Files.readString(first, UTF_8));
  }

  private List<String> results() {
    return out.toString().lines().filter(line -> !line.startsWith("#")).toList();
  }

  private void scenario(String name, String text) throws IOException {
    Path file = suite.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, UTF_8);
  }

  private Path list(String name, String text) throws IOException {
    return Files.writeString(lists.resolve(name), text, UTF_8);
  }
}
