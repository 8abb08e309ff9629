package org.smmulator.script.kernel.task;

import org.jspecify.annotations.Nullable;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code task_unreserve}: what was set aside and not needed goes back. */
final class TaskUnreserveStep extends KernelStep {
  private final FormField<Ref<TableReservation>> pages =
      required("pages", Ref.own(TableReservation.KIND), "What task_reserve gave.");

  TaskUnreserveStep() {
    super("task_unreserve", "Gives back what is left of reserved table pages.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process) {
    process.own(step.get(pages)).release();
    return null;
  }

  @Override
  protected String words(Step step) {
    return "gives back what is left of " + step.get(pages);
  }
}
