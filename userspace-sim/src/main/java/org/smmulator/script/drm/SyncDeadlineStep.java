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
import org.smmulator.userspace.LibSync;

/** {@code sync_deadline}: {@code SYNC_IOC_SET_DEADLINE}. */
final class SyncDeadlineStep extends StepType {
  private final FormField<Ref<Descriptor>> syncFile =
      required("sync_file", Ref.own(Kind.DESCRIPTOR), "The sync file.");
  private final FormField<Long> within =
      required("within", Scalar.DURATION, "When it is needed, from now on.");

  SyncDeadlineStep() {
    super("sync_deadline", "Says by when a sync file is needed, which hurries nobody here.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    int fd = process.own(step.get(syncFile)).number();
    new LibSync(process.client()).setDeadline(fd, process.client().nowNs() + step.get(within));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "needs %s within %d ns".formatted(step.get(syncFile), step.get(within));
  }
}
