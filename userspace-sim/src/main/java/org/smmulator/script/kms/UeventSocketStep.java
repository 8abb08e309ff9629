package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.UdevMonitor;

/** {@code uevent_socket}: {@code socket()} and {@code bind()}, as libudev calls them. */
final class UeventSocketStep extends StepType {
  UeventSocketStep() {
    super(
        "uevent_socket",
        "Listens to what the kernel says of changed devices, as a compositor does.",
        Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    return new Descriptor(process.client(), new UdevMonitor(process.client()).fd());
  }

  @Override
  protected String words(Step step) {
    return "listens to uevents%s".formatted(step.asWords());
  }
}
