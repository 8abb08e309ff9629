package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code exit}: the last step of a process, even if others follow in the file. */
final class ExitStep extends StepType {
  private final FormField<Long> status = bare(Scalar.between(0, 255), "The exit status.");

  ExitStep() {
    super("exit", "Ends the process; its files and memory are released.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) {
    process.exit((int) (long) step.get(status));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "exits with " + step.get(status);
  }
}
