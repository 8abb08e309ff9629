package org.smmulator.script.drm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.LibSync;

/** {@code sync_merge}: {@code SYNC_IOC_MERGE}. */
final class SyncMergeStep extends StepType {
  private final FormField<Ref<DrmVocabulary.SyncFileFd>> first =
      required("first", Ref.own(DrmVocabulary.SYNC_FILE), "A sync file.");
  private final FormField<Ref<DrmVocabulary.SyncFileFd>> second =
      required("second", Ref.own(DrmVocabulary.SYNC_FILE), "Another.");
  private final FormField<String> name =
      optional("name", Scalar.text("a name", "merged"), "merged", "The name that people see.");

  SyncMergeStep() {
    super(
        "sync_merge",
        "Makes a sync file that has signalled when two have.",
        DrmVocabulary.SYNC_FILE);
  }

  @Override
  protected DrmVocabulary.SyncFileFd run(Step step, ProcessRun process) throws ErrnoException {
    int one = process.own(step.get(first)).number();
    int other = process.own(step.get(second)).number();
    return new DrmVocabulary.SyncFileFd(
        new LibSync(process.client()).merge(step.get(name), one, other));
  }

  @Override
  protected String words(Step step) {
    return "merges %s and %s%s".formatted(step.get(first), step.get(second), step.asWords());
  }
}
