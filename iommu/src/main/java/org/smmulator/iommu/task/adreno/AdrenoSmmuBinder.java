package org.smmulator.iommu.task.adreno;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuServices;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IoPgtableConfig;
import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.iommu.pgtable.IoPgtables;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.pgtable.Quirk;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.PageAllocator;
import org.smmulator.kernel.mm.PageOwner;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.PageZone;
import org.smmulator.kernel.task.Task;

/**
 * {@code msm.pagetables=adreno-smmu}: the GPU's own domain lives in TTBR1, each task gets a table
 * for TTBR0, and the GPU itself switches from one to the next.
 *
 * <p>All tables share the domain's ASID, 0: a change of TTBR0 leaves the old table's entries in the
 * TLB, and the GPU has to invalidate them.
 */
public final class AdrenoSmmuBinder implements TaskBinder {
  private final Iommu iommu;
  private final IoPgtables pgtables;
  private final PageAllocator pages;
  private final OpenTables open;

  public AdrenoSmmuBinder(IommuServices services) {
    this.iommu = services.iommu();
    this.pgtables = services.pgtables();
    this.pages = services.kernel().pages();
    this.open = new OpenTables(services.kernel().lockdep().mutex("msm_iommu->init_lock"));
  }

  /**
   * {@inheritDoc} Kernel: {@code msm_iommu_pagetable_create()}.
   *
   * @throws ErrnoException ENODEV if the device is no GPU behind an adreno-smmu, or its own domain
   *     is not attached, or not split: in Linux the driver of a GPU without TTBR1 does not ask;
   *     EINVAL if TTBR0 is open already; ENOMEM
   */
  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    AdrenoSmmuPriv smmu = device.find(AdrenoSmmuPriv.class);
    if (smmu == null || !(iommu.domainOf(device) instanceof IommuDomain.Paging parent)) {
      throw ENODEV.because("No per-process page tables");
    }
    IoPgtableConfig split = smmu.getTtbr1Cfg();
    if (!split.has(Quirk.ARM_TTBR1)) {
      throw ENODEV.because("No per-process page tables: TTBR1 is not there");
    }
    ParentFlush flush = new ParentFlush(iommu, parent, smmu.iommu());
    IoPgtableConfig config = split.without(Quirk.ARM_TTBR1);
    PageOwner owner = pages.owner(Holder.of(task), "pagetable", PageZone.KERNEL);
    IoPgtable table = pgtables.alloc(IoPgtableFormat.ARM_64_LPAE_S1, config, owner, flush);
    PgtableRegisters.Stage1 walk = (PgtableRegisters.Stage1) table.registers();
    try {
      open.opened(device, () -> smmu.setTtbr0Cfg(walk));
    } catch (ErrnoException e) {
      table.free();
      throw e;
    }
    return new AdrenoTaskPagetable(
        table, walk.ttbr(), flush, () -> open.closed(device, () -> smmu.setTtbr0Cfg(null)));
  }
}
