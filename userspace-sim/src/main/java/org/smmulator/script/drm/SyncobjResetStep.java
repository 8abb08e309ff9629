package org.smmulator.script.drm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.LibSyncobj;

/** {@code syncobj_reset}: {@code DRM_IOCTL_SYNCOBJ_RESET}. */
final class SyncobjResetStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> syncobj =
      required("syncobj", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object.");

  SyncobjResetStep() {
    super("syncobj_reset", "Takes the fence out of a sync object.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.SyncobjHandle found = process.own(step.get(syncobj));
    new LibSyncobj(found.drm()).reset(found.handle());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "resets " + step.get(syncobj);
  }
}
