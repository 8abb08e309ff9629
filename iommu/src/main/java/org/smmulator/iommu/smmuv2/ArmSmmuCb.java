package org.smmulator.iommu.smmuv2;

import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.pgtable.PgtableRegisters.Tcr;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * What software wants in the registers of one context bank, so that they can be written again.
 * Kernel: {@code struct arm_smmu_cb} and the parts of {@code struct arm_smmu_cfg} that go with it.
 *
 * @param kind which tables; a stage-2 bank has neither TCR2, TTBR1 nor MAIRs
 * @param tag what marks the TLB entries: in stage 1 an ASID, in stage 2 a VMID
 * @param tcr in a stage-2 bank VTCR
 * @param ttbr0 the register, ASID included
 * @param ttbr1 the register, ASID included
 * @param mair what selects memory types: of short descriptors PRRR, and NMRR in bits 63:32
 */
record ArmSmmuCb(
    ArmSmmuContextFmt kind, int tag, int tcr, int tcr2, long ttbr0, long ttbr1, long mair) {

  /**
   * The image of a bank that walks {@code table}. Kernel: {@code arm_smmu_init_context_bank()}.
   *
   * @param upper whether a stage-1 table is for the upper half
   */
  static ArmSmmuCb of(ArmSmmuContextFmt kind, int tag, PgtableRegisters table, boolean upper) {
    return switch (table) {
      case PgtableRegisters.Stage1 walk -> stage1(kind, tag, walk, upper);
      case PgtableRegisters.Stage2 walk ->
          new ArmSmmuCb(kind, tag, vtcrOf(walk.vtcr()), 0, walk.vttbr(), 0, 0);
      case PgtableRegisters.ShortDescriptor walk -> shortDescriptors(kind, tag, walk);
      case PgtableRegisters.Sysmmu other -> throw new AssertionError(other);
    };
  }

  /**
   * One table of long descriptors, in TTBR0 or, if {@code upper}, in TTBR1; the other half is
   * closed.
   */
  private static ArmSmmuCb stage1(
      ArmSmmuContextFmt kind, int asid, PgtableRegisters.Stage1 table, boolean upper) {
    long asidBits = (long) asid << Cb.TTBR_ASID_SHIFT;
    int lower = lowerTcr(table.tcr());
    // A1 would take the ASID from TTBR1; both hold the same one, and TTBR0 is what the GPU writes.
    int split = (lower << 16 & ~Cb.TCR_A1.mask()) | Cb.TCR_EPD0.mask();
    int tcr = upper ? split : lower | Cb.TCR_EPD1.mask();
    int tcr2 = Cb.TCR2_PASIZE.of(table.tcr().ips()) | Cb.TCR2_SEP.of(Cb.TCR2_SEP_UPSTREAM);
    return new ArmSmmuCb(
        kind,
        asid,
        kind.isAArch64() ? tcr : tcr | Cb.TCR_EAE,
        kind.isAArch64() ? tcr2 | Cb.TCR2_AS.mask() : tcr2,
        upper ? asidBits : asidBits | table.ttbr(),
        upper ? asidBits | table.ttbr() : asidBits,
        table.mair());
  }

  /** The ASID goes into CONTEXTIDR. */
  private static ArmSmmuCb shortDescriptors(
      ArmSmmuContextFmt kind, int asid, PgtableRegisters.ShortDescriptor table) {
    long types = Integer.toUnsignedLong(table.prrr()) | (long) table.nmrr() << 32;
    return new ArmSmmuCb(
        kind, asid, table.tcr(), 0, Integer.toUnsignedLong(table.ttbr()), 0, types);
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
  ArmSmmuCb withLower(PgtableRegisters.Stage1 table) {
    int open = (tcr | lowerTcr(table.tcr())) & ~(Cb.TCR_EPD0.mask() | Cb.TCR_EPD1.mask());
    long lower = table.ttbr() | (long) tag << Cb.TTBR_ASID_SHIFT;
    return new ArmSmmuCb(kind, tag, open, tcr2, lower, ttbr1, mair);
  }

  /**
   * CBAR for this bank.
   *
   * @param irptndx the interrupt, where an SMMUv1 is told which: {@code cfg->irptndx}
   */
  int cbar(ArmSmmuFeatures smmu, int irptndx) {
    int interrupt = smmu.isV1() ? Gr1.CBAR_IRPTNDX.of(irptndx) : 0;
    if (kind.stage2()) {
      int vmid = smmu.wideVmids() ? 0 : Gr1.CBAR_VMID.of(tag);
      return interrupt | Gr1.CBAR_TYPE.of(Gr1.CBAR_TYPE_S2_TRANS) | vmid;
    }
    // The weakest attributes of all, so that the leaves' own win.
    return interrupt
        | Gr1.CBAR_TYPE.of(Gr1.CBAR_TYPE_S1_TRANS_S2_BYPASS)
        | Gr1.CBAR_S1_BPSHCFG.of(Gr1.CBAR_S1_BPSHCFG_NSH)
        | Gr1.CBAR_S1_MEMATTR.of(Gr1.CBAR_S1_MEMATTR_WB);
  }

  /** CBA2R for this bank. A 16-bit VMID stands there; of a stage-1 bank it is the ASID's number. */
  int cba2r(ArmSmmuFeatures smmu) {
    int vmid = smmu.wideVmids() ? Gr1.CBA2R_VMID16.of(tag) : 0;
    return kind.isAArch64() ? vmid | Gr1.CBA2R_VA64.mask() : vmid;
  }

  /** Whether the upper half is closed: the addresses are not split. */
  boolean upperClosed() {
    return Cb.TCR_EPD1.isSet(tcr);
  }

  /** Whether the lower half is closed. */
  boolean lowerClosed() {
    return Cb.TCR_EPD0.isSet(tcr);
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
