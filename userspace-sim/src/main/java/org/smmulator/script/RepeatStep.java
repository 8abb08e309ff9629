package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code repeat}: steps that are done several times. The parser puts them into the list of their
 * process one after the other, so that every name of every round is checked before anything runs.
 */
final class RepeatStep extends StepType {
  private final FormField<Long> times =
      optional("times", Scalar.between(0, Names.MAX_STEPS), "How often.");
  private final FormField<ImmutableList<String>> each =
      optional(
          "each",
          FieldType.listOf(Scalar.text("a word", "red"), "[red, green]"),
          "The values that the index takes in turn, in place of 0, 1, 2 and so on.");
  private final FormField<String> index =
      optional(
          "index",
          Scalar.word("a name", "i"),
          "i",
          "The index's name; names and values use it as $i or $(i*16+4).");
  private final FormField<StepsType.Body> body = required("steps", new StepsType(), "The steps.");

  RepeatStep() {
    super("repeat", "Does steps several times.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    if ((args.find(times) == null) == (args.find(each) == null)) {
      throw args.wrong(
          "repeat takes either 'times' or 'each'", "write it like {times: 3, steps: [...]}");
    }
    for (String value : values(args)) {
      args.get(body).readRound(args.get(index), value);
    }
  }

  @Override
  boolean canFail() {
    return false;
  }

  private ImmutableList<String> values(Args args) {
    ImmutableList<String> named = args.find(each);
    return named != null
        ? named
        : LongStream.range(0, args.get(times))
            .mapToObj(Long::toString)
            .collect(ImmutableList.toImmutableList());
  }

  /** The steps of all rounds, in order. */
  ImmutableList<Step> unrolled(Step step) {
    return step.get(body).steps();
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) {
    throw new IllegalStateException("repeat has been unrolled");
  }

  @Override
  protected String words(Step step) {
    return "repeats";
  }
}
