package org.smmulator.script.kernel.task;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code task_unbind}: {@code iommu_unbind_task()} of 2017. */
final class TaskUnbindStep extends KernelStep {
  private final FormField<Ref<BoundTask>> task =
      required("task", Ref.own(BoundTask.KIND), "What bind_task gave.");

  TaskUnbindStep() {
    super("task_unbind", "Ends an address space on all its devices: iommu_unbind_task() of 2017.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) throws ErrnoException {
    BoundTask found = process.own(step.get(task));
    if (!found.isHeld()) {
      throw Errno.EINVAL.because("%s is not bound", step.get(task));
    }
    found.release();
    return null;
  }

  @Override
  protected String words(Step step) {
    return "unbinds " + step.get(task);
  }
}
