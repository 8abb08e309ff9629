package org.smmulator.iommu.task.adreno;

import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.PgtableDomain;
import org.smmulator.iommu.task.PagetableBase;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.task.Task;

/**
 * {@code msm.pagetables=bind-task}: the proposal of 2017. The IOMMU's driver makes the table at the
 * bind, opens TTBR0 with the first one, and invalidates whatever the token unmaps; the GPU's driver
 * gets the base and has the GPU switch.
 */
final class BindTaskBinder implements TaskBinder {
  private final DynamicTables tables;
  private final PagetableBase base;

  /**
   * Makes the binder.
   *
   * @param base the way in which the GPU's driver learns where a table is
   */
  BindTaskBinder(IommuServices services, PagetableBase base) {
    this.tables = new DynamicTables(services);
    this.base = base;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ErrnoException ENODEV if the device's IOMMU has no such tables; EOVERFLOW if the base
   *     cannot be told; ENOMEM
   */
  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    PgtableDomain.Dynamic table = tables.make(device, Holder.of(task));
    int pasid;
    try {
      pasid = base.pasid(table.pagetableBase());
    } catch (ErrnoException e) {
      tables.iommu().free(table);
      throw e;
    }
    tables.open(device, table);
    return new DynamicTaskPagetable(
        tables.iommu(), table, base, pasid, () -> tables.close(device, table));
  }

  @Override
  public IommuGeometry prepare(Device device, IommuDomain.Paging master) {
    return DynamicTables.persistent(master);
  }
}
