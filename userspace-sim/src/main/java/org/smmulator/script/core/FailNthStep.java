package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Side;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/**
 * {@code fail_nth}: makes one allocation fail, as a write to {@code /proc/self/fail-nth} does.
 * Kernel: {@code should_fail()} in {@code lib/fault-inject.c}.
 */
final class FailNthStep extends StepType {
  private final FormField<Long> nth =
      bare(Scalar.between(1, Integer.MAX_VALUE), "Which of the machine's allocations from now on.");

  FailNthStep() {
    super("fail_nth", "Makes the nth allocation from now on fail, of whatever kind and whoever's.");
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) {
    process.machine().faults().failNth(step.get(nth));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "arms the failure of allocation %d".formatted(step.get(nth));
  }
}
