package org.smmulator.iommu.qcom;

import com.google.common.collect.ImmutableList;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.pgtable.FlushOps;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.regs.smmuv2.CbAArch32;

/**
 * The TLB invalidation of a table that some banks walk. Kernel: {@code qcom_flush_ops}. The caller
 * holds the IOMMU resumed.
 */
record QcomIommuFlushOps(ImmutableList<QcomIommuCtx> contexts) implements FlushOps {
  @Override
  public void flushAll() {
    for (int i = 0; i < contexts.size(); i++) {
      contexts.get(i).invalidateAll();
    }
    sync();
  }

  @Override
  public void flushWalk(long iova, long sizeBytes, long granuleBytes) {
    invalidate(CbAArch32.TLBIVA, iova, sizeBytes, granuleBytes);
    sync();
  }

  @Override
  public void addPage(IotlbGather gather, long iova, long granuleBytes) {
    invalidate(CbAArch32.TLBIVAL, iova, granuleBytes, granuleBytes);
  }

  private void invalidate(Reg32 command, long iova, long sizeBytes, long granuleBytes) {
    for (int i = 0; i < contexts.size(); i++) {
      contexts.get(i).invalidate(command, iova, sizeBytes, granuleBytes);
    }
  }

  void sync() {
    for (int i = 0; i < contexts.size(); i++) {
      contexts.get(i).sync();
    }
  }
}
