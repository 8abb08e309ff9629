package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code kill}: sends SIGKILL to another process of the scenario. */
final class KillStep extends StepType {
  private final FormField<String> victim =
      required("process", FieldType.process(), "The process that gets the signal.");

  KillStep() {
    super("kill", "Sends SIGKILL to another process of the scenario.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    process.kill(step.get(victim));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "kills " + step.get(victim);
  }
}
