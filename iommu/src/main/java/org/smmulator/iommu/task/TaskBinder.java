package org.smmulator.iommu.task;

import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/** Makes the table of a task: the switch {@code msm.pagetables}, one class for each value. */
public interface TaskBinder {
  /**
   * Makes a table for {@code task} on {@code device}.
   *
   * @throws ErrnoException ENODEV if the device's IOMMU cannot give tasks tables of their own;
   *     ENOMEM
   */
  TaskPagetable bind(Device device, Task task) throws ErrnoException;

  /**
   * Gets ready for binds on {@code device}, which its driver has attached to {@code master}: see
   * {@link IommuTasks#prepare}.
   *
   * @throws ErrnoException ENOMEM
   */
  default IommuGeometry prepare(Device device, IommuDomain.Paging master) throws ErrnoException {
    return master.geometry();
  }

  /** Ends {@link #prepare}: the device leaves the master, and nothing is bound. */
  default void unprepare(Device device) {}
}
