package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.regs.smmuv2.Cb;

/**
 * How the table of a stage-2 context bank has its TLB entries forgotten. Kernel: {@code
 * arm_smmu_s2_tlb_ops_v2}.
 */
record Stage2Flush(SmmuTlb tlb, Mmio bank, int vmid) implements FlushOps {
  @Override
  public void flushAll() {
    tlb.invalidateVmid(vmid);
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    tlb.invalidateRange(bank, Cb.TLBIIPAS2, 0, iova, sizeBytes, granuleBytes);
    tlb.syncBank(bank);
  }

  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {
    tlb.invalidateRange(bank, Cb.TLBIIPAS2L, 0, iova, granuleBytes, granuleBytes);
  }
}
