package org.smmulator.script.kernel.task;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code task_reserve}: no map of a range can run out of table pages later. */
final class TaskReserveStep extends KernelStep {
  private final FormField<Ref<BoundTask>> task =
      required("task", Ref.to(BoundTask.KIND), "What bind_task gave.");
  private final FormField<Long> iova =
      required("iova", Scalar.NUMBER, "The first address of the range.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "How many bytes.");

  TaskReserveStep() {
    super(
        "task_reserve",
        "Sets aside the table pages that maps of a range can need, so that they do not fail.",
        TableReservation.KIND);
  }

  @Override
  protected TableReservation run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    BoundTask bound = BoundTask.findBound(step.get(task), process);
    return new TableReservation(
        bound.token().preallocate(step.get(iova), step.get(size)), bound.device());
  }

  @Override
  protected String words(Step step) {
    return "sets table pages aside for 0x%x bytes at 0x%x of %s%s"
        .formatted(step.get(size), step.get(iova), step.get(task), step.asWords());
  }
}
