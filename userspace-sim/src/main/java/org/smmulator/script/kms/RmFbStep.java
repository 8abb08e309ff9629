package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code rmfb}: {@code DRM_IOCTL_MODE_RMFB}. */
final class RmFbStep extends StepType {
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "The framebuffer.");

  RmFbStep() {
    super("rmfb", "Removes a framebuffer, also from the display.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId found = process.own(step.get(fb));
    found.mode().rmFb(found.id());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "removes %s".formatted(step.get(fb));
  }
}
