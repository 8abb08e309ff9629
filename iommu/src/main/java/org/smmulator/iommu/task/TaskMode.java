package org.smmulator.iommu.task;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Who decides whether a task gets a table of its own on a device or shares the process's: the
 * switch {@code iommu.task-mode}, one class for each value.
 */
public interface TaskMode {
  /**
   * Whether a bind shares the process's table.
   *
   * @param asked whether the caller asked for that: {@link IommuTasks#SHARE_PROCESS_TABLE}
   * @throws ErrnoException EOPNOTSUPP if it was asked for of a device that takes explicit tables
   */
  boolean shares(Device device, boolean asked) throws ErrnoException;
}
