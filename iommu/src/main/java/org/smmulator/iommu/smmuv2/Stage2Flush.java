package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * How the table of a stage-2 context bank has its TLB entries forgotten. Kernel: {@code
 * arm_smmu_s2_tlb_ops_v2}.
 *
 * @param wide whether the tables are AArch64's
 */
record Stage2Flush(ArmSmmuTlb tlb, Mmio bank, boolean wide, int vmid) implements FlushOps {
  @Override
  public void flushAll() {
    tlb.invalidateVmid(vmid);
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    tlb.invalidateIpas(bank, wide, false, iova, sizeBytes, granuleBytes);
    tlb.syncBank(bank);
  }

  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {
    tlb.invalidateIpas(bank, wide, true, iova, granuleBytes, granuleBytes);
  }
}
