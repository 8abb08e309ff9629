package org.smmulator.report.page;

import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.SmmuPages;
import org.smmulator.report.trace.RegisterTap;

/** Hears what a driver invalidates in the TLB of an SMMUv2, by its writes to the registers. */
final class TlbInvalidations implements RegisterTap.Listener {
  /** Stands for the iova if a whole address space is invalidated. */
  static final long EVERYTHING = -1;

  /** Stands for the bank if the entries of all are. */
  static final int EVERY_BANK = -1;

  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;

  /** Bits 43:0 of the operand are bits 55:12 of the address. Arm IHI 0062, SMMU_CBn_TLBIVA. */
  private static final long OPERAND = (1L << 44) - 1;

  private final DtNode smmu;
  private final Listener listener;
  private final int firstBank;
  private long operand;

  /** Told of each invalidation. */
  interface Listener {
    void invalidated(DtNode smmu, int bank, long iova);
  }

  TlbInvalidations(DtNode smmu, Listener listener) {
    this.smmu = smmu;
    this.listener = listener;
    long pages = smmu.reg().getFirst().sizeBytes() >> PAGE_SHIFT;
    firstBank = new SmmuPages(PAGE_SHIFT, (int) pages / 2).bankOffset(0);
  }

  /** True for an SMMU whose registers are known here. */
  static boolean fits(DtNode device) {
    return device.isCompatible("qcom,adreno-smmu");
  }

  @Override
  public void written(int offset, int value) {
    if (offset == Gr0.TLBIALLNSNH.offset()) {
      listener.invalidated(smmu, EVERY_BANK, EVERYTHING);
    } else if (offset >= firstBank) {
      bankWritten((offset - firstBank) >> PAGE_SHIFT, offset & PAGE_MASK, value);
    }
  }

  private void bankWritten(int bank, int register, int value) {
    if (register == Cb.TLBIASID.offset() || register == Cb.TLBIALL.offset()) {
      listener.invalidated(smmu, bank, EVERYTHING);
    } else if (register == Cb.TLBIVA.offset() || register == Cb.TLBIVAL.offset()) {
      operand = Integer.toUnsignedLong(value);
    } else if (register == Cb.TLBIVA.offset() + Integer.BYTES
        || register == Cb.TLBIVAL.offset() + Integer.BYTES) {
      operand |= (long) value << Integer.SIZE;
      listener.invalidated(smmu, bank, (operand & OPERAND) << PAGE_SHIFT);
    }
  }
}
