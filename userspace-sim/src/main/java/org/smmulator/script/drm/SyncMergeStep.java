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
import org.smmulator.userspace.LibSync;

/** {@code sync_merge}: {@code SYNC_IOC_MERGE}. */
final class SyncMergeStep extends StepType {
  private final FormField<Ref<Descriptor>> first =
      required("first", Ref.own(Kind.DESCRIPTOR), "A sync file.");
  private final FormField<Ref<Descriptor>> second =
      required("second", Ref.own(Kind.DESCRIPTOR), "Another.");
  private final FormField<String> name =
      optional("name", Scalar.text("a name", "merged"), "merged", "The name that people see.");

  SyncMergeStep() {
    super("sync_merge", "Makes a sync file that has signalled when two have.", Kind.DESCRIPTOR);
  }

  @Override
  protected Descriptor run(Step step, ProcessRun process) throws ErrnoException {
    int one = process.own(step.get(first)).number();
    int other = process.own(step.get(second)).number();
    return new Descriptor(
        process.client(), new LibSync(process.client()).merge(step.get(name), one, other));
  }

  @Override
  protected String words(Step step) {
    return "merges %s and %s%s".formatted(step.get(first), step.get(second), step.asWords());
  }
}
