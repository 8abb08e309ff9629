package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.LibDrmMode;

/** {@code setplane}: {@code DRM_IOCTL_MODE_SETPLANE}, on an overlay. */
final class SetPlaneStep extends StepType {
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "What to show.");
  private final FormField<Long> overlay =
      optional("overlay", Scalar.between(0, 31), 0L, "Which of the overlays, from 0.");
  private final FormField<Long> x =
      optional("x", Scalar.between(-4096, 4096), 0L, "Where, in pixels from the left.");
  private final FormField<Long> y =
      optional("y", Scalar.between(-4096, 4096), 0L, "Where, in rows from the top.");

  SetPlaneStep() {
    super("setplane", "Shows a framebuffer on an overlay, unscaled, and waits for a frame.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId shown = process.own(step.get(fb));
    LibDrmMode mode = shown.mode();
    mode.setPlane(
        mode.planes().get((int) (long) step.get(overlay)),
        mode.resources().crtcs().getFirst(),
        shown.id(),
        (int) (long) step.get(x),
        (int) (long) step.get(y),
        shown.width(),
        shown.height());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "lays %s over it at %d, %d".formatted(step.get(fb), step.get(x), step.get(y));
  }
}
