package org.smmulator.iommu.task.adreno;

import static org.smmulator.kernel.errno.Errno.ENODEV;

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
 * {@code msm.pagetables=aux-domains}: the proposal of 2019. Each task gets an auxiliary domain,
 * attached beside the GPU's own; the IOMMU's driver programs TTBR0's half of TCR when the first one
 * is attached, and takes it back after the last. It asks for TTBR1, so where there is none all
 * files share the kernel's table.
 */
final class AuxDomainBinder implements TaskBinder {
  private static final PagetableBase ATTRIBUTE = new PagetableBase.Attribute();

  private final DynamicTables tables;

  AuxDomainBinder(IommuServices services) {
    this.tables = new DynamicTables(services);
  }

  /**
   * {@inheritDoc}
   *
   * @throws ErrnoException ENODEV also if the device's domain is not the upper half of a split bank
   */
  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    PgtableDomain.Dynamic table = tables.make(device, Holder.of(task));
    if (!table.master().isSplit()) {
      tables.iommu().free(table);
      throw ENODEV.because("%s has no domain in TTBR1", device.name());
    }
    tables.open(device, table);
    return new DynamicTaskPagetable(
        tables.iommu(), table, ATTRIBUTE, 0, () -> tables.close(device, table));
  }
}
