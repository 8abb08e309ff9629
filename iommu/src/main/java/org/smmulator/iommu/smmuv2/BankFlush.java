package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.regs.smmuv2.Cb;

/**
 * How the table of a stage-1 context bank has its TLB entries forgotten. Kernel: {@code
 * arm_smmu_s1_tlb_ops}.
 *
 * @param walkByAsid whether to forget the whole ASID when a table goes
 */
record BankFlush(SmmuTlb tlb, Mmio bank, int asid, boolean walkByAsid) implements FlushOps {
  @Override
  public void flushAll() {
    tlb.invalidateAsid(bank, asid);
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    if (walkByAsid) {
      flushAll();
    } else {
      tlb.invalidateRange(bank, Cb.TLBIVA, asid, iova, sizeBytes, granuleBytes);
      tlb.syncBank(bank);
    }
  }

  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {
    tlb.invalidateRange(bank, Cb.TLBIVAL, asid, iova, granuleBytes, granuleBytes);
  }
}
