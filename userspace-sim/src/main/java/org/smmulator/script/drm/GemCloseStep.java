package org.smmulator.script.drm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.GemBuffer;

/** {@code gem_close}: {@code DRM_IOCTL_GEM_CLOSE}. */
final class GemCloseStep extends StepType {
  private final FormField<Ref<GemBuffer>> buffer =
      required("buffer", Ref.own(DrmVocabulary.GEM), "The buffer; its name stays, and its handle.");

  GemCloseStep() {
    super("gem_close", "Gives a buffer's handle back; the buffer lives while others hold it.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    GemBuffer closed = process.own(step.get(buffer));
    closed.drm().closeGem(closed.handle());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "gives back the handle of " + step.get(buffer);
  }
}
