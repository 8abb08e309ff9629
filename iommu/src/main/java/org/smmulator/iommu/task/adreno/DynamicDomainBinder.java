package org.smmulator.iommu.task.adreno;

import org.smmulator.iommu.Iommu;
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
 * {@code msm.pagetables=dynamic-domains}: what Qualcomm's kernels had in 2017. The GPU's own domain
 * is the master; each task gets a dynamic domain beside it, and neither making nor attaching one
 * touches a register. The base is an attribute of the domain.
 *
 * <p>So TTBR0 is opened with the master, once, with a table in which nothing is mapped: that is
 * where the GPU is until it switches for the first time.
 */
final class DynamicDomainBinder implements TaskBinder {
  /** The table of nobody. */
  private record Nobody(PgtableDomain.Dynamic table) {}

  private static final PagetableBase ATTRIBUTE = new PagetableBase.Attribute();

  private final DynamicTables tables;

  DynamicDomainBinder(IommuServices services) {
    this.tables = new DynamicTables(services);
  }

  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    Iommu iommu = tables.iommu();
    PgtableDomain.Dynamic table = tables.make(device, Holder.of(task));
    try {
      table.attach(device);
    } catch (ErrnoException e) {
      iommu.free(table);
      throw e;
    }
    return new DynamicTaskPagetable(iommu, table, ATTRIBUTE, 0, () -> {});
  }

  @Override
  public IommuGeometry prepare(Device device, IommuDomain.Paging master) throws ErrnoException {
    if (master instanceof PgtableDomain domain && domain.isSplit()) {
      PgtableDomain.Dynamic nobody = tables.make(device, new Holder.OfDevice(device.name()));
      tables.open(device, nobody);
      device.attach(Nobody.class, new Nobody(nobody));
    }
    return DynamicTables.persistent(master);
  }

  @Override
  public void unprepare(Device device) {
    Nobody nobody = device.find(Nobody.class);
    if (nobody != null) {
      device.detach(Nobody.class);
      tables.close(device, nobody.table());
      tables.iommu().free(nobody.table());
    }
  }
}
