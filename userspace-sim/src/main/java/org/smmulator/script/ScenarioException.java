package org.smmulator.script;

import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.BadInputException;

/** A scenario file that cannot be run: where it is wrong, what is wrong, and the cure. */
public final class ScenarioException extends Exception {
  /** A value of a file can be as long as the file; a message quotes its start. */
  private static final int MAX_LENGTH = 400;

  private final SourceLocation place;
  private final String cure;
  private final @Nullable String see;

  ScenarioException(SourceLocation place, String problem, String cure) {
    this(place, problem, cure, null);
  }

  private ScenarioException(
      SourceLocation place, String problem, String cure, @Nullable String see) {
    super(shortened(problem), null, false, false);
    this.place = place;
    this.cure = cure;
    this.see = see;
  }

  /** The same error, with the command that explains {@code page}, unless it has one already. */
  ScenarioException seeing(String page) {
    String command = ("smmulator steps " + page).strip();
    return see == null
        ? new ScenarioException(place, String.valueOf(getMessage()), cure, command)
        : this;
  }

  private static String shortened(String problem) {
    return problem.length() <= MAX_LENGTH ? problem : problem.substring(0, MAX_LENGTH) + " ...";
  }

  /** A scenario that sets a switch as it cannot be set, or names a board that cannot be used. */
  public static ScenarioException badSetting(Scenario.Setting setting, BadInputException why) {
    return at(setting.place(), why);
  }

  /** The answer to bad input, at the place that asks for it. */
  static ScenarioException at(SourceLocation place, BadInputException why) {
    return new ScenarioException(place, String.valueOf(why.getMessage()), why.cure());
  }

  public SourceLocation place() {
    return place;
  }

  public String cure() {
    return cure;
  }

  /**
   * The report for people: {@code file:line:column: problem}, the cure on a second line, and on a
   * third, if it concerns a step, where to read more.
   */
  public String report() {
    String report = "%s: %s\n  %s".formatted(place, getMessage(), cure);
    return see == null ? report : report + "\n  see: " + see;
  }
}
