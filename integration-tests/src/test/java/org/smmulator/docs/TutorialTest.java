package org.smmulator.docs;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.smmulator.cli.ExitCode;
import org.smmulator.scenario.CommandRun;

/**
 * The README's first ten minutes are true: each command is run, and prints what stands below it. A
 * line {@code ...} stands for lines that are left out.
 */
class TutorialTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
  private static final String COMMAND = "$ ./smmulator ";
  private static final String LEFT_OUT = "...";

  @Test
  void everyCommandPrintsWhatStandsBelowIt() throws Exception {
    List<MatchResult> blocks = BLOCK.matcher(Files.readString(README)).results().toList();

    assertThat(blocks.size()).isAtLeast(6);
    for (MatchResult block : blocks) {
      ImmutableList<String> lines = block.group(1).lines().collect(ImmutableList.toImmutableList());
      assertThat(lines.get(0)).startsWith(COMMAND);
      String command = lines.get(0).substring(COMMAND.length());
      List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(command);
      CommandRun run = CommandRun.of(words.toArray(String[]::new));
      assertWithMessage(command).that(run.exitCode()).isEqualTo(ExitCode.OK);
      compare(command, lines.subList(1, lines.size()), run.lines());
    }
  }

  private static void compare(String command, List<String> told, List<String> printed) {
    int at = 0;
    boolean mayLeaveOut = false;
    for (String line : told) {
      if (line.equals(LEFT_OUT)) {
        mayLeaveOut = true;
        continue;
      }
      if (mayLeaveOut) {
        while (at < printed.size() && !printed.get(at).equals(line)) {
          at++;
        }
      }
      assertWithMessage("%s: lines for '%s'", command, line).that(at).isLessThan(printed.size());
      assertWithMessage(command).that(printed.get(at)).isEqualTo(line);
      at++;
      mayLeaveOut = false;
    }
    assertWithMessage("lines of %s", command)
        .that(mayLeaveOut ? printed.size() : at)
        .isEqualTo(printed.size());
  }
}
