package org.smmulator.report.look;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.script.Scenario;
import org.smmulator.script.Step;

/**
 * A moment of a scenario: right after a step of a process, or when it has done all of them and
 * still holds what it has.
 *
 * @param process whose moment it is
 * @param ordinal which of the steps that it does, from 1 on; 0 for none in particular
 * @param result the name that the step gives; null for none in particular
 */
public record Moment(String process, int ordinal, @Nullable String result) {
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)(?::([0-9]{1,6})|[.]([A-Za-z_][A-Za-z0-9_]*))?");

  /**
   * Reads a moment.
   *
   * @param text {@code painter:3}, {@code painter.job} or {@code painter}
   * @throws BadInputException if it has another form, or {@code scenario} has no such process
   */
  public static Moment parse(String text, Scenario scenario) throws BadInputException {
    Matcher match = FORM.matcher(text);
    if (!match.matches()) {
      throw new BadInputException(
          "'%s' is no moment of a scenario".formatted(text),
          "write PROCESS:3 for its third step, PROCESS.NAME for the step that gives a name, or"
              + " PROCESS for its end");
    }
    String process = match.group(1);
    if (scenario.processes().stream().noneMatch(script -> script.name().equals(process))) {
      throw new BadInputException(
          "the scenario has no process '%s'".formatted(process),
          Nearest.cure(
              process, scenario.processes().stream().map(Scenario.ProcessScript::name).toList()));
    }
    String number = match.group(2);
    return new Moment(process, number == null ? 0 : Integer.parseInt(number), match.group(3));
  }

  /** Tells whether this is the moment after {@code step}, the {@code done}-th of its process. */
  boolean isAfter(Step step, int done) {
    return result == null ? ordinal != 0 && ordinal == done : result.equals(step.as());
  }

  /** Tells whether this is the end of its process. */
  boolean isEnd() {
    return ordinal == 0 && result == null;
  }

  @Override
  public String toString() {
    if (result != null) {
      return process + "." + result;
    }
    return ordinal == 0 ? process : process + ":" + ordinal;
  }
}
