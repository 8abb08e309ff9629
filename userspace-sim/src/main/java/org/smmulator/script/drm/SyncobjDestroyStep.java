package org.smmulator.script.drm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;

/** {@code syncobj_destroy}: {@code DRM_IOCTL_SYNCOBJ_DESTROY}. */
final class SyncobjDestroyStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> syncobj =
      required("syncobj", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object.");

  SyncobjDestroyStep() {
    super("syncobj_destroy", "Destroys a sync object's handle; jobs that wait for it go on.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.SyncobjHandle found = process.own(step.get(syncobj));
    found.drm().destroySyncobj(found.handle());
    return null;
  }

  @Override
  protected String words(Step step) {
    return "destroys the sync object " + step.get(syncobj);
  }
}
