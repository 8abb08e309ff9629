package org.smmulator.report.exercise;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.script.Failure;
import org.smmulator.script.Language;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioParser;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Step;

/** Two interleavings of the same processes: in which one does an expectation fail? */
final class RacesExercise implements Exercise {
  private static final int TRIES = 64;

  /** The step by which one process waits for the other. */
  private static final String CURE = "barrier: written";

  /** Scenarios that lack the step, with {@code STEP} on the lines where it belongs. */
  private static final ImmutableList<String> STORIES =
      ImmutableList.of(
          """
          about: A parent and a child that share a buffer
          processes:
            parent:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - write: {at: page+OFFSET, value: OLD}
              - fork:
                  process: child
                  steps:
                    - barrier: begin
                    - STEP
                    - expect: {read: page+OFFSET, is: NEW}
              - barrier: begin
              - write: {at: page+OFFSET, value: NEW}
              - STEP
          """,
          """
          about: A child writes, and its parent reads
          processes:
            parent:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - write: {at: page+OFFSET, value: OLD}
              - fork:
                  process: child
                  steps:
                    - barrier: begin
                    - write: {at: page+OFFSET, value: NEW}
                    - STEP
              - barrier: begin
              - STEP
              - expect: {read: page+OFFSET, is: NEW}
          """,
          """
          about: Two who write to one place
          processes:
            parent:
              - open: {node: renderD128, as: gpu}
              - gem_new: {fd: gpu, size: 4K, as: page}
              - write: {at: page+OFFSET, value: 0}
              - fork:
                  process: child
                  steps:
                    - barrier: begin
                    - write: {at: page+OFFSET, value: OLD}
                    - STEP
                    - barrier: end
              - barrier: begin
              - STEP
              - write: {at: page+OFFSET, value: NEW}
              - barrier: end
              - expect: {read: page+OFFSET, is: NEW}
          """);

  /** The interleaving of a seed: who did which step, in order, and what failed. */
  private record Played(long seed, ImmutableList<String> steps, @Nullable Failure failure) {}

  @Override
  public Sheet make(Random random) throws BadInputException, ScenarioException {
    String story = STORIES.get(random.nextInt(STORIES.size()));
    int old = 1 + random.nextInt(0xff);
    String text =
        story
            .replace("OFFSET", "0x%x".formatted(8 + 4 * random.nextInt(0x100)))
            .replace("OLD", "0x%x".formatted(old))
            .replace("NEW", "0x%x".formatted(old + 1 + random.nextInt(0xff)));
    String lacking = without(text);
    long firstSeed = random.nextInt(1 << 20);
    Played right = null;
    Played wrong = null;
    for (long seed = firstSeed;
        seed < firstSeed + TRIES && (right == null || wrong == null);
        seed++) {
      Played played = play(lacking, seed);
      if (played.failure() == null && right == null) {
        right = played;
      } else if (played.failure() != null && wrong == null) {
        wrong = played;
      }
    }
    if (right == null || wrong == null) {
      throw new IllegalStateException(
          "no two interleavings of %s differ".formatted(story.lines().findFirst().orElse("")));
    }
    boolean rightFirst = random.nextBoolean();
    String cured = text.replace("STEP", CURE);
    ImmutableList<Played> both =
        ImmutableList.of(play(cured, right.seed()), play(cured, wrong.seed()));
    return new Sheet(
        task(lacking, rightFirst ? right : wrong, rightFirst ? wrong : right),
        ImmutableList.of(
            new Sheet.Question(
                "In which interleaving does the expectation fail, and what does it find?",
                "in %s (--schedule random --seed %d): %s"
                    .formatted(rightFirst ? "the second" : "the first", wrong.seed(), told(wrong))),
            new Sheet.Question(
                "Which step, in each of the two processes, makes both right, and where?",
                "%s: with it, %d of the two fail"
                    .formatted(CURE, both.stream().filter(p -> p.failure() != null).count()))));
  }

  private static String told(Played played) {
    Failure failure = played.failure();
    return failure == null
        ? "nothing fails"
        : "expected %s, found %s".formatted(failure.expected(), failure.actual());
  }

  private static String without(String text) {
    return text.lines().filter(line -> !line.contains("STEP")).collect(joining("\n", "", "\n"));
  }

  private static ImmutableList<String> task(String text, Played first, Played second) {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    lines.add("These processes run at the same time:");
    text.lines().forEach(line -> lines.add("    " + line));
    lines.add("Two interleavings, to their ends or to what went wrong:");
    lines.add("  the first");
    first.steps().forEach(step -> lines.add("    " + step));
    lines.add("  the second");
    second.steps().forEach(step -> lines.add("    " + step));
    return lines.build();
  }

  /** Tells what a process did; of an expectation, that it looked and not what it found. */
  private static String act(String process, Step step) {
    return "%-7s %s".formatted(process, step.words().replaceFirst("^finds .* at ", "reads at "));
  }

  /** Runs a scenario under the random schedule of a seed. */
  private static Played play(String text, long seed) throws BadInputException, ScenarioException {
    Scenario scenario =
        ScenarioParser.parse(
            Language.installed(),
            "exercise.yaml",
            "%sset: {schedule: random, seed: %d}\n".formatted(text, seed));
    ScenarioBoard board = ScenarioBoard.of(scenario);
    try (Machine machine = board.machine().boot()) {
      List<String> steps = new ArrayList<>();
      ScenarioRun run =
          new ScenarioRun(
              scenario,
              machine,
              new RunListener() {
                @Override
                public void stepDone(String process, int pid, Step step, @Nullable Object result) {
                  steps.add(act(process, step));
                }
              });
      run.run();
      Failure failure = run.failure();
      if (failure != null) {
        steps.add(act(failure.process(), failure.step()));
      }
      return new Played(seed, ImmutableList.copyOf(steps), failure);
    }
  }
}
