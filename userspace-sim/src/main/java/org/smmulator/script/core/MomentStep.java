package org.smmulator.script.core;

import org.smmulator.machine.Machine;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code moment}: gives the present moment a name. */
final class MomentStep extends StepType {
  MomentStep() {
    super(
        "moment",
        "Gives the present moment a name, for lines since then or until then.",
        LogMark.KIND);
  }

  @Override
  protected LogMark run(Step step, ProcessRun process) {
    Machine machine = process.machine();
    return new LogMark(machine.dmesg().written(), machine.tracer().written());
  }

  @Override
  protected String words(Step step) {
    return "notes the moment" + step.asWords();
  }
}
