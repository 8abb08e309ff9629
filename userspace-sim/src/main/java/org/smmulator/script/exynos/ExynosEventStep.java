package org.smmulator.script.exynos;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.exynos.ExynosDevice;

/** {@code exynos_event}: reads one event of the 2D engine or of a picture processor. */
final class ExynosEventStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open device.");

  ExynosEventStep() {
    super("exynos_event", "Waits for an event of an engine; keeps its user_data.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return ExynosDevice.of(process.own(step.get(fd))).nextEvent().userData();
  }

  @Override
  protected String words(Step step) {
    return "reads an event";
  }
}
