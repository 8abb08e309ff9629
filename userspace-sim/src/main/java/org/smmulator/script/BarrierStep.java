package org.smmulator.script;

import org.jspecify.annotations.Nullable;

/** {@code barrier}: waits for every other process that has this barrier among its steps. */
final class BarrierStep extends StepType {
  private final FormField<String> name =
      bare(Scalar.word("a name", "start"), "The barrier's name.");

  BarrierStep() {
    super(
        "barrier",
        "Waits until every process with this barrier has come to it as often, or has ended.");
  }

  /** The name of the barrier that {@code step} is; null if it is another step. */
  static @Nullable String of(Step step) {
    return step.type() instanceof BarrierStep barrier ? step.get(barrier.name) : null;
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) {
    process.meet(step.get(name), step.place());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "passes the barrier " + step.get(name);
  }
}
