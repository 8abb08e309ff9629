package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;

/** An MMU-500. Kernel: {@code arm_mmu500_impl} in {@code arm-smmu-impl.c}. */
final class ArmMmu500Impl implements ArmSmmuImpl {
  /** From this major revision on, ACTLR is locked until software unlocks it. */
  private static final int FIRST_LOCKED_MAJOR = 2;

  private boolean warned;

  /**
   * {@inheritDoc} Unlocks ACTLR where that takes it, lets unmatched streams have TLB entries, and
   * turns the prefetcher off, of which errata are known. Kernel: {@code arm_mmu500_reset()}.
   */
  @Override
  public void reset(ArmSmmuDevice smmu) {
    Mmio gr0 = smmu.gr0();
    int sacr = gr0.read(Gr0.SACR);
    if (Gr0.ID7_MAJOR.get(gr0.read(Gr0.ID7)) >= FIRST_LOCKED_MAJOR) {
      sacr &= ~Gr0.SACR_CACHE_LOCK.mask();
    }
    gr0.write(Gr0.SACR, sacr | Gr0.SACR_SMTNMB_TLBEN.mask() | Gr0.SACR_S2CRB_TLBEN.mask());
    for (int i = 0; i < smmu.features().contextBanks(); i++) {
      Mmio bank = smmu.bank(i);
      bank.write(Cb.ACTLR, bank.read(Cb.ACTLR) & ~Cb.ACTLR_CPRE.mask());
      if (Cb.ACTLR_CPRE.isSet(bank.read(Cb.ACTLR))) {
        warnOnce(smmu);
        break;
      }
    }
  }

  private void warnOnce(ArmSmmuDevice smmu) {
    if (!warned) {
      warned = true;
      smmu.device()
          .warn("Failed to disable prefetcher for errata workarounds, check SACR.CACHE_LOCK");
    }
  }
}
