package org.smmulator.script.drm;

import org.jspecify.annotations.Nullable;
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

/** {@code syncobj_import}: {@code DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE}, IMPORT_SYNC_FILE. */
final class SyncobjImportStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> syncobj =
      required("syncobj", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object that gets the fence.");
  private final FormField<Ref<Descriptor>> syncFile =
      required("sync_file", Ref.own(Kind.DESCRIPTOR), "The sync file.");
  private final FormField<Long> point =
      optional("point", Scalar.NUMBER, 0L, "The point that it becomes.");

  SyncobjImportStep() {
    super("syncobj_import", "Puts the fence of a sync file into a sync object.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.SyncobjHandle found = process.own(step.get(syncobj));
    int fd = process.own(step.get(syncFile)).number();
    new LibSyncobj(found.drm()).importSyncFile(found.handle(), fd, step.get(point));
    return null;
  }

  @Override
  protected String words(Step step) {
    String at = step.get(point) == 0 ? "" : " at " + step.get(point);
    return "imports %s into %s%s".formatted(step.get(syncFile), step.get(syncobj), at);
  }
}
