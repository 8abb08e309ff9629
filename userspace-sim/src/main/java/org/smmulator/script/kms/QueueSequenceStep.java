package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.uapi.drm.vblank.CrtcQueueSequence;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmMode;

/** {@code crtc_queue_sequence}: {@code DRM_IOCTL_CRTC_QUEUE_SEQUENCE}. */
final class QueueSequenceStep extends CrtcStep {
  private final FormField<Long> sequence =
      optional("sequence", Scalar.NUMBER, 1L, "How many vblanks from now.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[next_on_miss]"),
          ImmutableList.of(),
          "DRM_CRTC_SEQUENCE_*; absolute: 'sequence' is a vblank's number.");
  private final FormField<Long> userData =
      optional("user_data", Scalar.NUMBER, 0L, "What the event carries.");

  QueueSequenceStep() {
    super("crtc_queue_sequence", "Asks for the event of a vblank; yields its number.", Kind.NUMBER);
  }

  @Override
  Long run(Step step, LibDrmMode card, int crtcId, ProcessRun process) throws ErrnoException {
    ImmutableList<Flag> given = step.get(flags);
    int mask = FieldType.mask(given, flag -> flag.bit);
    mask |= given.contains(Flag.ABSOLUTE) ? 0 : CrtcQueueSequence.RELATIVE;
    return new LibDrmCrtc(card.drm())
        .queueSequence(new CrtcQueueSequence(crtcId, mask, step.get(sequence), step.get(userData)));
  }

  @Override
  protected String words(Step step) {
    return "asks for an event of a vblank of %s%s".formatted(crtcWords(step), step.asWords());
  }

  /** {@code DRM_CRTC_SEQUENCE_*}. */
  private enum Flag {
    ABSOLUTE(0),
    NEXT_ON_MISS(CrtcQueueSequence.NEXT_ON_MISS);

    final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }
}
