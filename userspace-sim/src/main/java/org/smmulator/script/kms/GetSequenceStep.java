package org.smmulator.script.kms;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.uapi.drm.vblank.CrtcGetSequence;
import org.smmulator.userspace.LibDrmCrtc;
import org.smmulator.userspace.LibDrmMode;

/** {@code crtc_get_sequence}: {@code DRM_IOCTL_CRTC_GET_SEQUENCE}. */
final class GetSequenceStep extends CrtcStep {
  private final FormField<Item> info =
      optional("info", FieldType.oneOf(Item.class), Item.SEQUENCE, "The number to ask for.");

  GetSequenceStep() {
    super("crtc_get_sequence", "Asks for the last vblank.", Kind.NUMBER);
  }

  @Override
  Long run(Step step, LibDrmMode card, int crtcId, ProcessRun process) throws ErrnoException {
    CrtcGetSequence told = new LibDrmCrtc(card.drm()).sequence(crtcId);
    return switch (step.get(info)) {
      case SEQUENCE -> told.sequence();
      case ACTIVE -> (long) told.active();
      case TIME -> told.sequenceNs();
    };
  }

  @Override
  protected String words(Step step) {
    return "asks for the last vblank of %s%s".formatted(crtcWords(step), step.asWords());
  }

  /** Fields of {@code struct drm_crtc_get_sequence}. */
  private enum Item {
    SEQUENCE,
    ACTIVE,
    TIME
  }
}
