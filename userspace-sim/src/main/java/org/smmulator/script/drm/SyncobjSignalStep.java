package org.smmulator.script.drm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.LibSyncobj;

/**
 * {@code syncobj_signal}: {@code DRM_IOCTL_SYNCOBJ_SIGNAL}, or with a point {@code
 * DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL}.
 */
final class SyncobjSignalStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> syncobj =
      required("syncobj", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object.");
  private final FormField<Long> point =
      optional("point", Scalar.NUMBER, 0L, "The point of a timeline.");

  SyncobjSignalStep() {
    super("syncobj_signal", "Puts a fence that has signalled into a sync object.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.SyncobjHandle found = process.own(step.get(syncobj));
    LibSyncobj library = new LibSyncobj(found.drm());
    if (step.get(point) == 0) {
      library.signal(found.handle());
    } else {
      library.signalPoints(new int[] {found.handle()}, new long[] {step.get(point)});
    }
    return null;
  }

  @Override
  protected String words(Step step) {
    String at = step.get(point) == 0 ? "" : " at " + step.get(point);
    return "signals %s%s".formatted(step.get(syncobj), at);
  }
}
