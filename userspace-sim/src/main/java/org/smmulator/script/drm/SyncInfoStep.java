package org.smmulator.script.drm;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.StepType;
import org.smmulator.userspace.Descriptor;
import org.smmulator.userspace.LibSync;

/** {@code sync_info}: {@code SYNC_IOC_FILE_INFO}. */
final class SyncInfoStep extends StepType {
  private final FormField<Ref<Descriptor>> syncFile =
      required("sync_file", Ref.own(Kind.DESCRIPTOR), "The sync file.");

  SyncInfoStep() {
    super(
        "sync_info",
        "Asks how a sync file stands: yields 1 if it has signalled, 0 if not, else an error below"
            + " 0.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws ErrnoException {
    int fd = process.own(step.get(syncFile)).number();
    return (long) new LibSync(process.client()).info(fd).status();
  }

  @Override
  protected String words(Step step) {
    return "asks how %s stands%s".formatted(step.get(syncFile), step.asWords());
  }
}
