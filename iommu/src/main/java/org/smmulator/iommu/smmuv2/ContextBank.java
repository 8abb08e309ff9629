package org.smmulator.iommu.smmuv2;

import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.pgtable.PgtableRegisters.Tcr;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * What software wants in the registers of one context bank, so that they can be written again.
 * Kernel: {@code struct arm_smmu_cb} and the parts of {@code struct arm_smmu_cfg} that go with it.
 *
 * @param stage2 whether it is a stage-2 bank, which has neither TCR2, TTBR1 nor MAIRs
 * @param cbar its register of {@link Gr1#CBAR}
 * @param asid what tags the TLB entries of stage 1
 * @param tcr in a stage-2 bank VTCR
 * @param ttbr0 the register, ASID included
 * @param ttbr1 the register, ASID included
 */
record ContextBank(
    boolean stage2, int cbar, int asid, int tcr, int tcr2, long ttbr0, long ttbr1, long mair) {

  /**
   * The image of a bank that walks one table, in TTBR0 or, if {@code upper}, in TTBR1; the other
   * half is closed. Kernel: {@code arm_smmu_init_context_bank()}.
   */
  static ContextBank stage1(int asid, PgtableRegisters.Stage1 table, boolean upper) {
    long tag = tag(asid);
    int tcr = lowerTcr(table.tcr());
    // A1 would take the ASID from TTBR1; both hold the same one, and TTBR0 is what the GPU writes.
    int split = (tcr << 16 & ~Cb.TCR_A1.mask()) | Cb.TCR_EPD0.mask();
    int tcr2 =
        Cb.TCR2_PASIZE.of(table.tcr().ips())
            | Cb.TCR2_SEP.of(Cb.TCR2_SEP_UPSTREAM)
            | Cb.TCR2_AS.mask();
    // The weakest attributes of all, so that the leaves' own win.
    int cbar =
        Gr1.CBAR_TYPE.of(Gr1.CBAR_TYPE_S1_TRANS_S2_BYPASS)
            | Gr1.CBAR_S1_BPSHCFG.of(Gr1.CBAR_S1_BPSHCFG_NSH)
            | Gr1.CBAR_S1_MEMATTR.of(Gr1.CBAR_S1_MEMATTR_WB);
    return new ContextBank(
        false,
        cbar,
        asid,
        upper ? split : tcr | Cb.TCR_EPD1.mask(),
        tcr2,
        upper ? tag : tag | table.ttbr(),
        upper ? tag | table.ttbr() : tag,
        table.mair());
  }

  /** The image of a bank that walks a stage-2 table, with {@code vmid} on what it finds. */
  static ContextBank stage2(int vmid, PgtableRegisters.Stage2 table) {
    PgtableRegisters.Vtcr vtcr = table.vtcr();
    int cbar = Gr1.CBAR_TYPE.of(Gr1.CBAR_TYPE_S2_TRANS) | Gr1.CBAR_VMID.of(vmid);
    return new ContextBank(true, cbar, 0, vtcrOf(vtcr), 0, table.vttbr(), 0, 0);
  }

  /** Kernel: {@code arm_smmu_lpae_vtcr()}. */
  private static int vtcrOf(PgtableRegisters.Vtcr vtcr) {
    return Cb.VTCR_RES1
        | Cb.VTCR_PS.of(vtcr.ps())
        | Cb.VTCR_TG0.of(vtcr.tg())
        | Cb.VTCR_SH0.of(vtcr.sh())
        | Cb.VTCR_ORGN0.of(vtcr.orgn())
        | Cb.VTCR_IRGN0.of(vtcr.irgn())
        | Cb.VTCR_SL0.of(vtcr.sl())
        | Cb.VTCR_T0SZ.of(vtcr.tsz());
  }

  /** The same with TTBR0 opened to tables like {@code table}. */
  ContextBank withLower(PgtableRegisters.Stage1 table) {
    int open = (tcr | lowerTcr(table.tcr())) & ~(Cb.TCR_EPD0.mask() | Cb.TCR_EPD1.mask());
    return new ContextBank(stage2, cbar, asid, open, tcr2, table.ttbr() | tag(asid), ttbr1, mair);
  }

  /** Whether the upper half is closed: the addresses are not split. */
  boolean upperClosed() {
    return Cb.TCR_EPD1.isSet(tcr);
  }

  /** Whether the lower half is closed. */
  boolean lowerClosed() {
    return Cb.TCR_EPD0.isSet(tcr);
  }

  private static long tag(int asid) {
    return (long) asid << Cb.TTBR_ASID_SHIFT;
  }

  /**
   * The fields for TTBR0; those for TTBR1 are the same, 16 bits up. {@code arm_smmu_lpae_tcr()}.
   */
  private static int lowerTcr(Tcr tcr) {
    return Cb.TCR_TG0.of(tcr.tg())
        | Cb.TCR_SH0.of(tcr.sh())
        | Cb.TCR_ORGN0.of(tcr.orgn())
        | Cb.TCR_IRGN0.of(tcr.irgn())
        | Cb.TCR_T0SZ.of(tcr.tsz());
  }
}
