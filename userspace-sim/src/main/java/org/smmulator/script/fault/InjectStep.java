package org.smmulator.script.fault;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Side;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code inject}: arms the faults that wait for a word. */
final class InjectStep extends StepType {
  private final FormField<String> word =
      bare(FieldType.fault(), "The word that faults have as armed_by.");

  InjectStep() {
    super("inject", "Arms the faults that wait for a word; what they count begins here.");
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) {
    process.machine().injectedFaults().arm(step.get(word));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "arms the fault " + step.get(word);
  }
}
