package org.smmulator.script.drm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.LibSyncobj;

/** {@code syncobj_query}: {@code DRM_IOCTL_SYNCOBJ_QUERY}. */
final class SyncobjQueryStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> syncobj =
      required("syncobj", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object.");

  SyncobjQueryStep() {
    super("syncobj_query", "Asks for the last point that a timeline has reached.", Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.SyncobjHandle found = process.own(step.get(syncobj));
    return new LibSyncobj(found.drm()).query(found.handle(), 0);
  }

  @Override
  protected String words(Step step) {
    return "asks how far %s is%s".formatted(step.get(syncobj), step.asWords());
  }
}
