package org.smmulator.iommu.smmuv2;

import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * How the table of a stage-2 context bank of an SMMUv1 has its TLB entries forgotten: all of the
 * VMID's, whatever changed. Kernel: {@code arm_smmu_s2_tlb_ops_v1}.
 */
record VmidFlush(ArmSmmuTlb tlb, int vmid) implements FlushOps {
  @Override
  public void flushAll() {
    tlb.invalidateVmid(vmid);
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    flushAll();
  }

  /** It starts here and not at the sync, so that it is far ahead of that. */
  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {
    tlb.startVmid(vmid);
  }
}
