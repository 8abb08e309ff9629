package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.smmuv2.AdrenoPrr;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;

/**
 * The implementation defined parts of an MMU-500 of revision 2: sACR with CACHE_LOCK, which
 * protects the ACTLRs ({@code arm_mmu500_reset()}), and Qualcomm's page for partially resident
 * resources ({@code qcom_adreno_smmu_set_prr_addr()}).
 *
 * @implNote Unverified: that CACHE_LOCK, CPRE and CMTLB are set out of reset; that behind a bank
 *     with ACTLR.PRR loads of that page read zero and stores to it are ignored.
 */
final class Mmu500 {
  static final int FRESH_ACTLR = Cb.ACTLR_CPRE.mask() | Cb.ACTLR_CMTLB.mask();

  private static final int SACR_IMPLEMENTED =
      Gr0.SACR_SMTNMB_TLBEN.mask() | Gr0.SACR_S2CRB_TLBEN.mask() | Gr0.SACR_CACHE_LOCK.mask();

  private static final int PRR_BYTES = AdrenoPrr.CFG_UADDR.offset() + Integer.BYTES;
  private static final int PAGE_SHIFT = 12;

  private final RegisterFile prr =
      RegisterFile.builder(PRR_BYTES)
          .readWrite(AdrenoPrr.CFG_LADDR)
          .readWrite(AdrenoPrr.CFG_UADDR)
          .build();

  private int sacr = Gr0.SACR_CACHE_LOCK.mask();

  int sacr() {
    return sacr;
  }

  void setSacr(int value) {
    sacr = value & SACR_IMPLEMENTED;
  }

  /** True if stores to ACTLR are ignored. */
  boolean locksActlr() {
    return Gr0.SACR_CACHE_LOCK.isSet(sacr);
  }

  /** Registers by their offset from the start of the whole space. */
  MmioTarget prr() {
    return prr;
  }

  /** True if {@code pa} lies in the page for what is not resident. */
  boolean isNotResident(long pa) {
    long page =
        Integer.toUnsignedLong(prr.get(AdrenoPrr.CFG_LADDR))
            | (long) prr.get(AdrenoPrr.CFG_UADDR) << 32;
    return pa >>> PAGE_SHIFT == page >>> PAGE_SHIFT;
  }

  /** Power is gone. */
  void reset() {
    sacr = Gr0.SACR_CACHE_LOCK.mask();
    prr.clear();
  }
}
