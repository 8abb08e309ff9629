package org.smmulator.iommu.task.load;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * Binds tasks on devices whose IOMMU's driver switches tables: a domain for each bind, which the
 * device's driver has loaded when it turns to the task.
 */
public final class LoadBinder implements TaskBinder {
  private final Iommu iommu;
  private final TaskBinder others;

  /**
   * Makes the binder.
   *
   * @param others binds on devices of other IOMMUs
   */
  public LoadBinder(Iommu iommu, TaskBinder others) {
    this.iommu = iommu;
    this.others = others;
  }

  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    return iommu.capable(device, IommuCap.TABLE_SWITCH)
        ? new LoadedPagetable(iommu, device, iommu.allocPaging(device))
        : others.bind(device, task);
  }

  @Override
  public IommuGeometry prepare(Device device, IommuDomain.Paging master) throws ErrnoException {
    return others.prepare(device, master);
  }

  @Override
  public void unprepare(Device device) {
    others.unprepare(device);
  }
}
