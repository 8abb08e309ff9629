package org.smmulator.script.kernel.task;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code task_hand_over}: the table goes on with another task. */
final class TaskHandOverStep extends KernelStep {
  private final FormField<Ref<BoundTask>> task =
      required("task", Ref.to(BoundTask.KIND), "What bind_task gave.");
  private final FormField<String> to =
      required("to", FieldType.process(), "The process whose task it is from now on.");

  TaskHandOverStep() {
    super(
        "task_hand_over",
        "Gives a task's table to another process that holds the file; what is mapped stays.");
  }

  @Override
  protected @Nullable Object run(Step step, ProcessRun process)
      throws ErrnoException, FailedExpectation {
    BoundTask.find(step.get(task), process).handOver(process.taskOf(step.get(to)));
    return null;
  }

  @Override
  protected String words(Step step) {
    return "hands %s over to %s".formatted(step.get(task), step.get(to));
  }
}
