package org.smmulator.cli;

import static com.google.common.truth.Truth.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What the program says, and the exit code that it ends with. */
class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void boardsAreListedWithWhatTheyAre() {
    assertThat(run("boards")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("db845c     Thundercomm Dragonboard 845c");
  }

  @Test
  void scenariosAreListedWithTheirLessonsTitlesAndByBareNames() {
    assertThat(run("scenarios")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("two-processes    01 Two processes, one address, two pagetables");

    out.getBuffer().setLength(0);
    assertThat(run("scenarios", "--names")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines()).containsExactly("stray-access", "two-processes").inOrder();
  }

  @Test
  void theVersionAndTheHelpAreNoErrors() {
    assertThat(run("--version")).isEqualTo(ExitCode.OK);
    assertThat(run("--help")).isEqualTo(ExitCode.OK);

    assertThat(out.toString()).contains("Exit codes:");
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    assertThat(run()).isEqualTo(ExitCode.BAD_INPUT);

    assertThat(err.toString()).contains("expected a command");
  }

  @Test
  void aMistypedCommandIsAnsweredWithTheNearestOne() {
    assertThat(run("bords")).isEqualTo(ExitCode.BAD_INPUT);

    assertThat(err.toString()).contains("did you mean 'boards'?");
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  private int run(String... args) {
    PrintWriter outWriter = new PrintWriter(out);
    PrintWriter errWriter = new PrintWriter(err);
    int code = Main.run(outWriter, errWriter, args);
    outWriter.flush();
    errWriter.flush();
    return code;
  }
}
