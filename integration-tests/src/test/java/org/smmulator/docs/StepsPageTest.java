package org.smmulator.docs;

import static com.google.common.truth.Truth.assertWithMessage;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.smmulator.cli.ExitCode;
import org.smmulator.scenario.CommandRun;

/** The page of steps says what the command says, which the parser's own declarations say. */
class StepsPageTest {
  private static final Path PAGE = Path.of("..", "userspace-sim", "docs", "steps.md");
  private static final String FENCE = "```\n";

  @Test
  void thePageIsTheOutputOfTheCommand() throws Exception {
    CommandRun run = CommandRun.of("steps", "--all");
    String page = Files.readString(PAGE);

    assertWithMessage("exit code").that(run.exitCode()).isEqualTo(ExitCode.OK);
    assertWithMessage("between the fences of %s; make it anew from 'smmulator steps --all'", PAGE)
        .that(page.substring(page.indexOf(FENCE) + FENCE.length(), page.lastIndexOf(FENCE)))
        .isEqualTo(run.out().replace(System.lineSeparator(), "\n"));
  }
}
