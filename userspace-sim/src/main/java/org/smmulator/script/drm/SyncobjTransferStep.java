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

/** {@code syncobj_transfer}: {@code DRM_IOCTL_SYNCOBJ_TRANSFER}. */
final class SyncobjTransferStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> from =
      required("from", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object that has the fence.");
  private final FormField<Long> fromPoint =
      optional("from_point", Scalar.NUMBER, 0L, "The point that is meant.");
  private final FormField<Ref<DrmVocabulary.SyncobjHandle>> to =
      required("to", Ref.own(DrmVocabulary.SYNCOBJ), "The sync object that gets it.");
  private final FormField<Long> toPoint =
      optional("to_point", Scalar.NUMBER, 0L, "The point that it becomes.");

  SyncobjTransferStep() {
    super("syncobj_transfer", "Puts the fence of one sync object into another of the same file.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    DrmVocabulary.SyncobjHandle source = process.own(step.get(from));
    DrmVocabulary.SyncobjHandle sink = process.own(step.get(to));
    new LibSyncobj(source.drm())
        .transfer(sink.handle(), step.get(toPoint), source.handle(), step.get(fromPoint), 0);
    return null;
  }

  @Override
  protected String words(Step step) {
    return "transfers %s%s to %s%s"
        .formatted(step.get(from), at(step, fromPoint), step.get(to), at(step, toPoint));
  }

  private static String at(Step step, FormField<Long> point) {
    return step.get(point) == 0 ? "" : " at " + step.get(point);
  }
}
