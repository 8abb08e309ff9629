package org.smmulator.iommu.task;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * Invalidation by way of the GPU's own domain, whose ASID all tables share. Kernel: {@code
 * msm_iommu_tlb_ops}.
 */
record ParentFlush(Iommu iommu, IommuDomain.Paging parent) implements FlushOps {
  @Override
  public void flushAll() {
    iommu.flushIotlbAll(parent);
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    flushAll();
  }

  /** Nothing: an unmap ends with {@link #flushAll}. */
  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {}
}
