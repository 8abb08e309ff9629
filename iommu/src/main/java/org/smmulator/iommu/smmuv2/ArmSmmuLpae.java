package org.smmulator.iommu.smmuv2;

import org.smmulator.iommu.pgtable.PgtableRegisters.Tcr;
import org.smmulator.iommu.pgtable.PgtableRegisters.Vtcr;
import org.smmulator.regs.smmuv2.Cb;

/**
 * The registers of a context bank that walks an LPAE table, for every driver of such banks. Kernel:
 * {@code arm-smmu.h}.
 */
public final class ArmSmmuLpae {
  private ArmSmmuLpae() {}

  /**
   * TCR's fields for TTBR0, without EPD1; those for TTBR1 are the same, 16 bits up. Kernel: {@code
   * arm_smmu_lpae_tcr()}.
   */
  public static int tcr(Tcr tcr) {
    return Cb.TCR_TG0.of(tcr.tg())
        | Cb.TCR_SH0.of(tcr.sh())
        | Cb.TCR_ORGN0.of(tcr.orgn())
        | Cb.TCR_IRGN0.of(tcr.irgn())
        | Cb.TCR_T0SZ.of(tcr.tsz());
  }

  /** Kernel: {@code arm_smmu_lpae_tcr2()}. */
  public static int tcr2(Tcr tcr) {
    return Cb.TCR2_PASIZE.of(tcr.ips()) | Cb.TCR2_SEP.of(Cb.TCR2_SEP_UPSTREAM);
  }

  /** Kernel: {@code arm_smmu_lpae_vtcr()}. */
  static int vtcr(Vtcr vtcr) {
    return Cb.VTCR_RES1
        | Cb.VTCR_PS.of(vtcr.ps())
        | Cb.VTCR_TG0.of(vtcr.tg())
        | Cb.VTCR_SH0.of(vtcr.sh())
        | Cb.VTCR_ORGN0.of(vtcr.orgn())
        | Cb.VTCR_IRGN0.of(vtcr.irgn())
        | Cb.VTCR_SL0.of(vtcr.sl())
        | Cb.VTCR_T0SZ.of(vtcr.tsz());
  }
}
