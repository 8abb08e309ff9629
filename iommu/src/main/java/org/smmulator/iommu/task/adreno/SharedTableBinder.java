package org.smmulator.iommu.task.adreno;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * {@code msm.pagetables=shared}: no task has a table. Every file of a GPU is in the kernel's own,
 * as before 2020, and reaches what any other maps.
 */
final class SharedTableBinder implements TaskBinder {
  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    throw ENODEV.because("all files share the table of %s", device.name());
  }
}
