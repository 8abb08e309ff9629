package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code exit}: the last step of a process, even if others follow in the file. */
final class ExitStep extends StepType {
  ExitStep() {
    super("exit", "Ends the process; its files and memory are released.");
    var _ = bare(Scalar.between(0, 255), "The exit status; nothing reads it yet.");
  }

  @Override
  protected boolean endsProcess() {
    return true;
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) {
    return null;
  }

  @Override
  protected String words(Step step) {
    return "exits";
  }
}
