package org.smmulator.script.kms;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.uapi.drm.mode.ModeCrtcPageFlip;

/** {@code page_flip}: {@code DRM_IOCTL_MODE_PAGE_FLIP}. */
final class PageFlipStep extends StepType {
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "What to show next.");
  private final FormField<Long> crtc =
      optional("crtc", Scalar.between(0, 31), 0L, "Which CRTC shows it, from 0.");
  private final FormField<ImmutableList<Flag>> flags =
      optional(
          "flags",
          FieldType.listOf(FieldType.oneOf(Flag.class), "[event]"),
          ImmutableList.of(Flag.EVENT),
          "DRM_MODE_PAGE_FLIP_*.");
  private final FormField<Long> userData =
      optional("user_data", Scalar.NUMBER, 0L, "What the event carries.");

  PageFlipStep() {
    super("page_flip", "Shows another framebuffer from the next vblank, which an event tells.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId next = process.own(step.get(fb));
    int mask = FieldType.mask(step.get(flags), flag -> flag.bit);
    int shows = KmsObject.CRTC.find(next.mode(), step.get(crtc));
    next.mode().pageFlip(shows, next.id(), mask, step.get(userData));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "flips to %s".formatted(step.get(fb));
  }

  /** {@code DRM_MODE_PAGE_FLIP_*}. */
  private enum Flag {
    EVENT(ModeCrtcPageFlip.EVENT),
    ASYNC(ModeCrtcPageFlip.ASYNC),
    TARGET_ABSOLUTE(ModeCrtcPageFlip.TARGET_ABSOLUTE),
    TARGET_RELATIVE(ModeCrtcPageFlip.TARGET_RELATIVE);

    final int bit;

    Flag(int bit) {
      this.bit = bit;
    }
  }
}
