package org.smmulator.report.exercise;

import com.google.common.collect.ImmutableMap;
import java.io.PrintWriter;
import java.util.Random;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.report.Paragraphs;
import org.smmulator.script.ScenarioException;

/** The kinds of homework, and how a sheet is printed. */
public final class Exercises {
  private static final ImmutableMap<String, Exercise> KINDS =
      ImmutableMap.of(
          "walk", new WalkExercise(),
          "tlb", new TlbExercise(),
          "fault", new FaultExercise(),
          "groups", new GroupsExercise(),
          "iova", new IovaExercise(),
          "races", new RacesExercise());

  private final Paragraphs lines;
  private final PrintWriter out;

  /** Prints to {@code out}, of so many columns; 0 never wraps. */
  public Exercises(PrintWriter out, int columns) {
    this.out = out;
    this.lines = new Paragraphs(out, columns);
  }

  /**
   * Prints a sheet.
   *
   * @param answers whether each question is answered
   * @throws BadInputException if there is no such kind
   * @throws ScenarioException never: the scenarios of exercises are right
   */
  public void print(String kind, long seed, boolean answers)
      throws BadInputException, ScenarioException {
    Exercise exercise = KINDS.get(kind);
    if (exercise == null) {
      throw new BadInputException(
          "there is no exercise '%s'".formatted(kind), Nearest.cure(kind, KINDS.keySet()));
    }
    Sheet sheet = exercise.make(new Random(seed));
    sheet.task().forEach(line -> lines.print(0, line));
    out.println();
    int number = 1;
    for (Sheet.Question question : sheet.questions()) {
      lines.print(0, "%2d. %s".formatted(number++, question.asked()));
      if (answers) {
        lines.print(4, "-> " + question.answer());
      }
    }
    if (!answers) {
      out.println();
      lines.print(0, "The answers: smmulator exercise %s --seed %d -c".formatted(kind, seed));
    }
  }
}
