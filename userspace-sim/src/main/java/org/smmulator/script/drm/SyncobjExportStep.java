package org.smmulator.script.drm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibSyncobj;

/** {@code syncobj_export}: {@code DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD}, EXPORT_SYNC_FILE. */
final class SyncobjExportStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> syncobj =
      required("syncobj", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object.");
  private final FormField<Long> point =
      optional("point", Scalar.NUMBER, 0L, "The point of a timeline.");

  SyncobjExportStep() {
    super("syncobj_export", "Makes a sync file of a sync object's fence.", Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.SyncobjHandle found = process.own(step.get(syncobj));
    int fd = new LibSyncobj(found.drm()).exportSyncFile(found.handle(), step.get(point));
    return new Descriptor(process.client(), fd);
  }

  @Override
  protected String words(Step step) {
    String at = step.get(point) == 0 ? "" : " at " + step.get(point);
    return "exports %s%s%s".formatted(step.get(syncobj), at, step.asWords());
  }
}
