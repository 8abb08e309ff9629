package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code closefb}: {@code DRM_IOCTL_MODE_CLOSEFB}. */
final class CloseFbStep extends StepType {
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "The framebuffer.");

  CloseFbStep() {
    super("closefb", "Forgets a framebuffer, which stays on the display until another is shown.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId found = process.own(step.get(fb));
    found.libFramebuffers().close(found.id());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "forgets %s".formatted(step.get(fb));
  }
}
