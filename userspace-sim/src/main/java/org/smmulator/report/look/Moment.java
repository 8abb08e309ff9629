package org.smmulator.report.look;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Objects;
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

  private static final Pattern SHORT_NUMBER = Pattern.compile("[0-9]{1,6}");

  /**
   * Reads a moment.
   *
   * @param text {@code painter:3}, {@code painter.job} or {@code painter}
   * @throws BadInputException if it has another form, or {@code scenario} has no such process, or
   *     the process no such step
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
    check(process, scenario);
    ImmutableList<Step> steps = stepsOf(process, scenario);
    String number = match.group(2);
    String result = match.group(3);
    int ordinal = number == null ? 0 : Integer.parseInt(number);
    if (number != null && (ordinal < 1 || ordinal > steps.size())) {
      throw new BadInputException(
          "%s has no step %d".formatted(process, ordinal),
          "its steps are 1 to %d; each round of a repeat has its own".formatted(steps.size()));
    }
    if (result != null && steps.stream().noneMatch(step -> result.equals(step.as()))) {
      throw new BadInputException(
          "no step of %s gives the name '%s'".formatted(process, result),
          Nearest.cure(
              result, steps.stream().map(Step::as).filter(Objects::nonNull).distinct().toList()));
    }
    return new Moment(process, ordinal, result);
  }

  private static ImmutableList<Step> stepsOf(String process, Scenario scenario) {
    return scenario.everyProcess().stream()
        .filter(script -> script.name().equals(process))
        .flatMap(script -> script.steps().stream())
        .collect(toImmutableList());
  }

  /**
   * Reads a moment as somebody says it who has named a process: {@code 3}, {@code job}, or the
   * moment of any process as {@link #parse} takes it.
   *
   * @param process whose it is, if {@code text} does not say
   * @throws BadInputException if it has another form, or {@code scenario} has no such process
   */
  public static Moment parse(String text, String process, Scenario scenario)
      throws BadInputException {
    check(process, scenario);
    if (SHORT_NUMBER.matcher(text).matches()) {
      return parse(process + ":" + text, scenario);
    }
    boolean isName = text.indexOf(':') < 0 && text.indexOf('.') < 0;
    boolean isProcess = names(scenario).contains(text);
    return parse(isName && !isProcess ? process + "." + text : text, scenario);
  }

  /** The end of a process. */
  public static Moment endOf(String process, Scenario scenario) throws BadInputException {
    check(process, scenario);
    return new Moment(process, 0, null);
  }

  private static void check(String process, Scenario scenario) throws BadInputException {
    List<String> known = names(scenario);
    if (!known.contains(process)) {
      throw new BadInputException(
          "the scenario has no process '%s'".formatted(process), Nearest.cure(process, known));
    }
  }

  private static List<String> names(Scenario scenario) {
    return scenario.everyProcess().stream().map(Scenario.ProcessScript::name).toList();
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
