package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Side;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code sleep}: lets virtual time pass. */
final class SleepStep extends StepType {
  private final FormField<Long> duration = bare(Scalar.DURATION, "How long, in virtual time.");

  SleepStep() {
    super("sleep", "Sleeps.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) {
    process.sleep(step.get(duration));
    return null;
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected String words(Step step) {
    return "sleeps %d ns".formatted(step.get(duration));
  }
}
