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
  private static final long US = 1_000;
  private static final long MS = 1_000 * US;

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
    long ns = step.get(duration);
    if (ns % MS == 0) {
      return "sleeps %d ms".formatted(ns / MS);
    }
    return ns % US == 0 ? "sleeps %d us".formatted(ns / US) : "sleeps %d ns".formatted(ns);
  }
}
