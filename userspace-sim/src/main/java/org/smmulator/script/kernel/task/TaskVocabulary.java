package org.smmulator.script.kernel.task;

import com.google.common.collect.ImmutableList;
import org.smmulator.iommu.task.IommuTask;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.StepType;
import org.smmulator.script.Vocabulary;

/** The steps of drivers that bind tasks. */
public final class TaskVocabulary implements Vocabulary {
  @Override
  public String name() {
    return "task";
  }

  @Override
  public ImmutableList<StepType> steps() {
    return ImmutableList.of(
        new BindTaskStep(),
        new UserPointerStep(),
        new TaskMapStep(),
        new TaskUnmapStep(),
        new TaskDeviceStep(
            "task_join",
            "Has a task's table serve another device, whose IOMMU reads the same format.",
            "has %s join %s",
            IommuTask::join),
        new TaskDeviceStep(
            "task_leave",
            "Takes a device that has joined away from a task's table.",
            "has %s leave %s",
            IommuTask::leave),
        new TaskDeviceStep(
            "task_load",
            "Has a device's IOMMU walk a task's table from now on.",
            "has %s walk the table of %s",
            IommuTask::load),
        new TaskHandOverStep(),
        new TaskReserveStep(),
        new TaskUnreserveStep(),
        new TaskUnbindStep());
  }

  @Override
  public ImmutableList<ExpectationType> expectations() {
    return ImmutableList.of();
  }
}
