package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;

/** {@code page_flip}: {@code DRM_IOCTL_MODE_PAGE_FLIP}, with an event. */
final class PageFlipStep extends StepType {
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "What to show next.");
  private final FormField<Long> userData =
      optional("user_data", Scalar.NUMBER, 0L, "What the event carries.");

  PageFlipStep() {
    super("page_flip", "Shows another framebuffer from the next vblank, which an event tells.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId next = process.own(step.get(fb));
    int crtc = next.mode().resources().crtcs().getFirst();
    next.mode().pageFlip(crtc, next.id(), ModeCrtcPageFlip.EVENT, step.get(userData));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "flips to %s".formatted(step.get(fb));
  }
}
