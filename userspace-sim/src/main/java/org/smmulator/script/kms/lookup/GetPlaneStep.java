package org.smmulator.script.kms.lookup;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.kms.KmsPlane;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibDrmMode;

/** {@code getplane}: {@code DRM_IOCTL_MODE_GETPLANE}. */
final class GetPlaneStep extends StepType {
  private final FormField<Ref<Descriptor>> fd =
      required("fd", Ref.own(Kind.DESCRIPTOR), "The open card.");
  private final FormField<KmsPlane> plane =
      optional("plane", FieldType.oneOf(KmsPlane.class), KmsPlane.OVERLAY, "Its kind.");
  private final FormField<Long> index =
      optional("index", Scalar.between(0, 255), 0L, "Which one of its kind, from 0.");
  private final FormField<Item> info =
      required("info", FieldType.oneOf(Item.class), "The number to ask for.");

  GetPlaneStep() {
    super("getplane", "Asks what a plane shows, and what it could.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    LibDrmMode card = LibDrmMode.of(process.own(step.get(fd)));
    int id = step.get(plane).object().find(card, step.get(index));
    LibDrmMode.PlaneInfo told = card.plane(id);
    return switch (step.get(info)) {
      case CRTC_ID -> (long) told.answer().crtcId();
      case FB_ID -> (long) told.answer().fbId();
      case POSSIBLE_CRTCS -> (long) told.answer().possibleCrtcs();
      case FORMATS -> (long) told.formats().size();
    };
  }

  @Override
  protected String words(Step step) {
    return "asks for the %s of %s plane %d%s"
        .formatted(
            FieldType.word(step.get(info)),
            FieldType.word(step.get(plane)),
            step.get(index),
            step.asWords());
  }

  /** Fields of {@code struct drm_mode_get_plane}. */
  private enum Item {
    CRTC_ID,
    FB_ID,
    POSSIBLE_CRTCS,
    FORMATS
  }
}
