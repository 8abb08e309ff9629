package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.mode.ModeInfo;
import org.smmulator.userspace.LibDrmMode;

/** {@code setcrtc}: {@code DRM_IOCTL_MODE_SETCRTC}. */
final class SetCrtcStep extends StepType {
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "What to show.");
  private final FormField<Long> crtc =
      optional("crtc", Scalar.between(0, 31), 0L, "Which CRTC shows it, from 0.");
  private final FormField<Long> connector =
      optional("connector", Scalar.between(0, 31), 0L, "On which connector, from 0.");
  private final FormField<Long> x =
      optional("x", Scalar.between(0, 0xffff_ffffL), 0L, "The first column that is shown.");
  private final FormField<Long> y =
      optional("y", Scalar.between(0, 0xffff_ffffL), 0L, "The first row that is shown.");
  private final FormField<Long> width =
      optional("width", Scalar.between(1, 65535), "Pixels of a line; left out, the picture's.");
  private final FormField<Long> height =
      optional("height", Scalar.between(1, 65535), "Lines; left out, the picture's.");

  SetCrtcStep() {
    super("setcrtc", "Shows a framebuffer in a mode of its size, and waits for the first frame.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId shown = process.own(step.get(fb));
    LibDrmMode card = shown.mode();
    int wanted = KmsObject.CONNECTOR.find(card, step.get(connector));
    ModeInfo mode =
        ModeOfSize.find(
            card, wanted, shown.widthOr(step.find(width)), shown.heightOr(step.find(height)));
    card.setCrtc(
        KmsObject.CRTC.find(card, step.get(crtc)),
        shown.id(),
        (int) (long) step.get(x),
        (int) (long) step.get(y),
        wanted,
        mode);
    return null;
  }

  @Override
  protected String words(Step step) {
    return "shows %s".formatted(step.get(fb));
  }
}
