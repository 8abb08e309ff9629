package org.smmulator.script.core;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.FatalSignal;

/** {@code kill}: sends a signal to another process of the scenario. */
final class KillStep extends StepType {
  private final FormField<String> victim =
      required("process", FieldType.process(), "The process that gets the signal.");

  private final FormField<Integer> signal =
      optional(
          "signal",
          FieldType.signal(),
          FatalSignal.SIGKILL.number(),
          "The signal, by its name or its number.");

  KillStep() {
    super("kill", "Sends a signal to another process of the scenario.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    process.kill(step.get(victim), step.get(signal), step.place());
    return null;
  }

  @Override
  protected String words(Step step) {
    int number = step.get(signal);
    return number == FatalSignal.SIGKILL.number()
        ? "kills " + step.get(victim)
        : "sends %s to %s".formatted(FatalSignal.nameOf(number), step.get(victim));
  }
}
