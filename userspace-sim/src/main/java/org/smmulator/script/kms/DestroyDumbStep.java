package org.smmulator.script.kms;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.script.drm.DrmVocabulary;
import org.smmulator.userspace.GemBuffer;
import org.smmulator.userspace.LibDrmMode;

/** {@code destroy_dumb}: {@code DRM_IOCTL_MODE_DESTROY_DUMB}. */
final class DestroyDumbStep extends StepType {
  private final FormField<Ref<GemBuffer>> buffer =
      required("buffer", Ref.own(DrmVocabulary.GEM), "The buffer.");

  DestroyDumbStep() {
    super(
        "destroy_dumb", "Gives a buffer's handle back; mappings and framebuffers keep the memory.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    GemBuffer found = process.own(step.get(buffer));
    new LibDrmMode(found.drm()).destroyDumb(found.handle());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "gives the handle of %s back".formatted(step.get(buffer));
  }
}
