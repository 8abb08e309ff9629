package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.mode.ModeSetPlane;
import org.smmulator.userspace.LibDrmMode;

/** {@code setplane}: {@code DRM_IOCTL_MODE_SETPLANE}. */
final class SetPlaneStep extends StepType {
  private static final int FRACTION_BITS = 16;

  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "What to show.");
  private final FormField<Long> overlay =
      optional("overlay", Scalar.between(0, 31), 0L, "Which of the overlays, from 0.");
  private final FormField<Long> crtc =
      optional("crtc", Scalar.between(0, 31), 0L, "Over which CRTC's picture, from 0.");
  private final FormField<Long> x =
      optional("x", Scalar.between(-4096, 4096), 0L, "Where, in pixels from the left.");
  private final FormField<Long> y =
      optional("y", Scalar.between(-4096, 4096), 0L, "Where, in rows from the top.");
  private final FormField<Long> width =
      optional("width", Scalar.between(0, 65535), "Pixels of a line; left out, the picture's.");
  private final FormField<Long> height =
      optional("height", Scalar.between(0, 65535), "Lines; left out, the picture's.");
  private final FormField<ImmutableList<Long>> source =
      optional(
          "source",
          FieldType.listOf(Scalar.between(0, 65535), "[0, 0, 32, 16]"),
          ImmutableList.of(),
          "The part of the picture: x, y, width and height; left out, all of it.");

  SetPlaneStep() {
    super("setplane", "Shows a framebuffer on an overlay, and waits for a frame.");
  }

  @Override
  protected void check(Args args) throws ScenarioException {
    int numbers = args.get(source).size();
    if (numbers != 0 && numbers != 4) {
      throw args.wrong(
          "'source' has 4 numbers, not %d".formatted(numbers), "write it like [0, 0, 32, 16]");
    }
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId shown = process.own(step.get(fb));
    LibDrmMode card = shown.mode();
    ImmutableList<Long> part =
        step.get(source).isEmpty()
            ? ImmutableList.of(0L, 0L, (long) shown.width(), (long) shown.height())
            : step.get(source);
    card.setPlane(
        new ModeSetPlane(
            KmsObject.OVERLAY.find(card, step.get(overlay)),
            KmsObject.CRTC.find(card, step.get(crtc)),
            shown.id(),
            0,
            (int) (long) step.get(x),
            (int) (long) step.get(y),
            shown.widthOr(step.find(width)),
            shown.heightOr(step.find(height)),
            fixed(part.get(0)),
            fixed(part.get(1)),
            fixed(part.get(3)),
            fixed(part.get(2))));
    return null;
  }

  private static int fixed(long pixels) {
    return (int) (pixels << FRACTION_BITS);
  }

  @Override
  protected String words(Step step) {
    return "lays %s over it at %d, %d".formatted(step.get(fb), step.get(x), step.get(y));
  }
}
