package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * How the table of a stage-1 context bank has its TLB entries forgotten. Kernel: {@code
 * arm_smmu_s1_tlb_ops}.
 *
 * @param wide whether the tables are AArch64's
 * @param walkByAsid whether to forget the whole ASID when a table goes
 */
record BankFlush(ArmSmmuTlb tlb, Mmio bank, boolean wide, int asid, boolean walkByAsid)
    implements FlushOps {
  @Override
  public void flushAll() {
    tlb.invalidateAsid(bank, asid);
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    if (walkByAsid) {
      flushAll();
    } else {
      tlb.invalidateIovas(bank, wide, false, asid, iova, sizeBytes, granuleBytes);
      tlb.syncBank(bank);
    }
  }

  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {
    tlb.invalidateIovas(bank, wide, true, asid, iova, granuleBytes, granuleBytes);
  }
}
