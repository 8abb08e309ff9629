package org.smmulator.script.kernel.task;

import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code task_unmap}: {@code iommu_task_unmap()} of 2017. */
final class TaskUnmapStep extends KernelStep {
  private final FormField<Ref<BoundTask>> task =
      required("task", Ref.to(BoundTask.KIND), "What bind_task gave.");
  private final FormField<Long> iova = required("iova", Scalar.NUMBER, "Where it begins.");
  private final FormField<Long> size = required("size", Scalar.SIZE, "How many bytes.");

  TaskUnmapStep() {
    super(
        "task_unmap",
        "Unmaps a range of a task's table: iommu_task_unmap() of 2017. Yields the bytes unmapped.",
        Kind.NUMBER);
  }

  @Override
  protected Long run(Step step, ProcessRun process) throws FailedExpectation {
    return BoundTask.find(step.get(task), process).unmap(step.get(iova), step.get(size));
  }

  @Override
  protected String words(Step step) {
    return "unmaps 0x%x bytes at 0x%x of %s%s"
        .formatted(step.get(size), step.get(iova), step.get(task), step.asWords());
  }
}
