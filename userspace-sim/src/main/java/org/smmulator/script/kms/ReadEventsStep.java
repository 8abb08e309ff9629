package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code read_vblank_events}: {@code read()} of a card. */
final class ReadEventsStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");

  ReadEventsStep() {
    super(
        "read_vblank_events",
        "Waits for events of flips and vblanks; yields what the first carries.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    return LibDrmMode.of(process.own(step.get(fd))).readEvents().getFirst().userData();
  }

  @Override
  protected String words(Step step) {
    return "waits for an event of %s%s".formatted(step.get(fd), step.asWords());
  }
}
