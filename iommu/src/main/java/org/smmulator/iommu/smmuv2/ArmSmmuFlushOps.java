package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;

/** The TLB invalidation of a context bank's table, by stage and version. */
sealed interface ArmSmmuFlushOps extends FlushOps {
  /**
   * Stage 1: by ASID and address. Kernel: {@code arm_smmu_s1_tlb_ops}.
   *
   * @param wide whether the table is AArch64's
   * @param walkByAsid whether the flush of a walk invalidates the whole ASID
   */
  record Stage1(ArmSmmuTlb tlb, Mmio bank, boolean wide, int asid, boolean walkByAsid)
      implements ArmSmmuFlushOps {
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

  /**
   * Stage 2 of version 2: by intermediate address. Kernel: {@code arm_smmu_s2_tlb_ops_v2}.
   *
   * @param wide whether the table is AArch64's
   */
  record Stage2(ArmSmmuTlb tlb, Mmio bank, boolean wide, int vmid) implements ArmSmmuFlushOps {
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

  /** Stage 2 of version 1: always the whole VMID. Kernel: {@code arm_smmu_s2_tlb_ops_v1}. */
  record Stage2V1(ArmSmmuTlb tlb, int vmid) implements ArmSmmuFlushOps {
    @Override
    public void flushAll() {
      tlb.invalidateVmid(vmid);
    }

    @Override
    public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
      flushAll();
    }

    /** {@inheritDoc} It starts here and not at the sync, so that it is far ahead of that. */
    @Override
    public void addPage(IotlbGather gather, long iova, long granuleBytes) {
      tlb.startVmid(vmid);
    }
  }
}
