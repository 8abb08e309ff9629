package org.smmulator.iommu.task.adreno;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.jspecify.annotations.Nullable;
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
import org.smmulator.kernel.lock.Mutex;
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
  /** The number of tables of a GPU: the first opens TTBR0, the last closes it. */
  private static final class OpenTables {
    int count;
  }

  private final Iommu iommu;
  private final IoPgtables pgtables;
  private final PageAllocator pages;
  private final Mutex lock;

  public AdrenoSmmuBinder(IommuServices services) {
    this.iommu = services.iommu();
    this.pgtables = services.pgtables();
    this.pages = services.kernel().pages();
    this.lock = services.kernel().lockdep().mutex("msm_iommu->init_lock");
  }

  /**
   * {@inheritDoc} Kernel: {@code msm_iommu_pagetable_create()}.
   *
   * @throws ErrnoException ENODEV if the device is no GPU behind an adreno-smmu, or its own domain
   *     is not attached; EINVAL if that domain is not split; ENOMEM
   */
  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    AdrenoSmmuPriv smmu = device.find(AdrenoSmmuPriv.class);
    if (smmu == null || !(iommu.domainOf(device) instanceof IommuDomain.Paging parent)) {
      throw ENODEV.because("No per-process page tables");
    }
    ParentFlush flush = new ParentFlush(iommu, parent, smmu.iommu());
    IoPgtableConfig config = smmu.getTtbr1Cfg().without(Quirk.ARM_TTBR1);
    PageOwner owner = pages.owner(Holder.of(task), "pagetable", PageZone.KERNEL);
    IoPgtable table = pgtables.alloc(IoPgtableFormat.ARM_64_LPAE_S1, config, owner, flush);
    PgtableRegisters.Stage1 walk = (PgtableRegisters.Stage1) table.registers();
    try {
      opened(device, smmu, walk);
    } catch (ErrnoException e) {
      table.free();
      throw e;
    }
    return new AdrenoTaskPagetable(table, walk.ttbr(), flush, () -> closed(device, smmu));
  }

  private void opened(Device device, AdrenoSmmuPriv smmu, PgtableRegisters.Stage1 walk)
      throws ErrnoException {
    try (var _ = lock.lock()) {
      OpenTables tables = device.find(OpenTables.class);
      if (tables == null) {
        smmu.setTtbr0Cfg(walk);
        tables = new OpenTables();
        device.attach(OpenTables.class, tables);
      }
      tables.count++;
    }
  }

  private void closed(Device device, AdrenoSmmuPriv smmu) {
    try (var _ = lock.lock()) {
      @Nullable OpenTables tables = device.find(OpenTables.class);
      if (tables != null && --tables.count == 0) {
        device.detach(OpenTables.class);
        smmu.setTtbr0Cfg(null);
      }
    } catch (ErrnoException e) {
      throw new IllegalStateException("TTBR0 was open and cannot be closed", e);
    }
  }
}
