package org.smmulator.iommu.task.adreno;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;

/**
 * Invalidation by way of the GPU's own domain, whose ASID all tables share. An SMMU that sleeps has
 * forgotten everything, so it is left asleep. Kernel: {@code msm_iommu_tlb_flush_all()}, {@code
 * msm_iommu_tlb_flush_walk()}.
 *
 * @param smmu the device of the IOMMU
 */
record ParentFlush(Iommu iommu, IommuDomain.Paging parent, Device smmu) implements FlushOps {
  @Override
  public void flushAll() {
    @Nullable RuntimePm pm = smmu.find(RuntimePm.class);
    if (pm == null || !pm.isEnabled()) {
      iommu.flushIotlbAll(parent);
    } else if (pm.getIfActive()) {
      iommu.flushIotlbAll(parent);
      release(pm);
    }
  }

  private void release(RuntimePm pm) {
    try {
      pm.put();
    } catch (ErrnoException e) {
      smmu.err("failed to suspend: %s", e.reason());
    }
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    flushAll();
  }

  /** Does nothing: an unmap ends with {@link #flushAll}. */
  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {}
}
