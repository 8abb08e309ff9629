package org.smmulator.script.kms;

import java.util.List;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.vblank.DrmEventVblank;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code read_vblank_events}: {@code read()} of a card. */
final class ReadEventsStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<Item> info =
      optional("info", FieldType.oneOf(Item.class), Item.USER_DATA, "The number to keep.");

  ReadEventsStep() {
    super(
        "read_vblank_events",
        "Waits for events of flips and vblanks; yields what the first carries.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    List<DrmEventVblank> read = LibDrmMode.of(process.own(step.get(fd))).readEvents();
    DrmEventVblank first = read.getFirst();
    return switch (step.get(info)) {
      case USER_DATA -> first.userData();
      case TYPE -> (long) first.type();
      case SEQUENCE -> Integer.toUnsignedLong(first.sequence());
      case COUNT -> (long) read.size();
    };
  }

  @Override
  protected String words(Step step) {
    return "waits for an event of %s%s".formatted(step.get(fd), step.asWords());
  }

  /**
   * Fields of an event, whose type is 1 for a vblank, 2 a flip, 3 a sequence; and how many were
   * read.
   */
  private enum Item {
    USER_DATA,
    TYPE,
    SEQUENCE,
    COUNT
  }
}
