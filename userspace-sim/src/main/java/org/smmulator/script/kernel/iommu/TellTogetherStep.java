package org.smmulator.script.kernel.iommu;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code tell_together}: a driver of several devices says that they are one. */
final class TellTogetherStep extends KernelStep {
  private final FormField<String> leader =
      required("leader", DEVICE, "The device whose group the other joins.");
  private final FormField<String> member = required("member", DEVICE, "The device that joins.");

  TellTogetherStep() {
    super(
        "tell_together",
        "Says that two devices are parts of one; EOPNOTSUPP unless iommu.groups is driver-told.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    process
        .machine()
        .iommu()
        .tellTogether(device(step, leader, process), device(step, member, process));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "says that %s belongs to %s".formatted(step.get(member), step.get(leader));
  }
}
