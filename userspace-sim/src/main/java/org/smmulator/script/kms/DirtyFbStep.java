package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code dirtyfb}: {@code DRM_IOCTL_MODE_DIRTYFB}, without clips. */
final class DirtyFbStep extends StepType {
  private final FormField<Ref<KmsVocabulary.FramebufferId>> fb =
      required("fb", Ref.own(KmsVocabulary.FRAMEBUFFER), "The framebuffer.");

  DirtyFbStep() {
    super("dirtyfb", "Says that all of a framebuffer was drawn.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    KmsVocabulary.FramebufferId drawn = process.own(step.get(fb));
    drawn.libFramebuffers().dirty(drawn.id());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "says that %s was drawn".formatted(step.get(fb));
  }
}
