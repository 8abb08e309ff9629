package org.smmulator.script.kernel.task;

import org.smmulator.iommu.task.IommuTask;
import org.smmulator.iommu.task.IommuTasks;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Step;
import org.smmulator.script.kernel.KernelStep;

/** {@code bind_task}: {@code iommu_bind_task()} of 2017. */
final class BindTaskStep extends KernelStep {
  private final FormField<String> device =
      required("device", DEVICE, "The device that is to have the task's address space.");
  private final FormField<String> task =
      required("process", FieldType.process(), "The process whose task it is.");
  private final FormField<Table> table =
      optional(
          "table",
          FieldType.oneOf(Table.class),
          Table.EXPLICIT,
          "The flag of the call: explicit for a table to be mapped, or shared for the process's"
              + " own. Which of the two counts is for iommu.task-mode to say.");

  BindTaskStep() {
    super(
        "bind_task",
        "Makes an address space for a task on a device: iommu_bind_task() of 2017.",
        BoundTask.KIND);
  }

  @Override
  protected BoundTask run(Step step, ProcessRun process) throws ErrnoException {
    PlatformDevice user = device(step, device, process);
    int flags = step.get(table) == Table.SHARED ? IommuTasks.SHARE_PROCESS_TABLE : 0;
    IommuTask token =
        process.machine().tasks().bindTask(user, process.taskOf(step.get(task)), flags, _ -> {});
    return new BoundTask(token, user);
  }

  @Override
  protected String words(Step step) {
    return "binds the task of %s on %s%s"
        .formatted(step.get(task), step.get(device), step.asWords());
  }

  /** Whose table it is. */
  private enum Table {
    EXPLICIT,
    SHARED
  }
}
