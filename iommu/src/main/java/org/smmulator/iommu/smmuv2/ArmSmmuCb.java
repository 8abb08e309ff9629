package org.smmulator.iommu.smmuv2;

import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * The register values of one context bank, kept for the next reset. Kernel: {@code struct
 * arm_smmu_cb} and the parts of {@code struct arm_smmu_cfg} that go with it.
 *
 * @param kind format and stage; a stage-2 bank has neither TCR2, TTBR1 nor MAIRs
 * @param tag the ASID in stage 1, the VMID in stage 2
 * @param tcr in a stage-2 bank VTCR
 * @param ttbr0 the register, ASID included
 * @param ttbr1 the register, ASID included
 * @param mair MAIR0 and MAIR1; with short descriptors PRRR, and NMRR in bits 63:32
 */
record ArmSmmuCb(
    ArmSmmuContextFmt kind, int tag, int tcr, int tcr2, long ttbr0, long ttbr1, long mair) {

  /**
   * The values for a bank that walks {@code table}. Kernel: {@code arm_smmu_init_context_bank()}.
   *
   * @param upper whether a stage-1 table is for the upper half
   */
  static ArmSmmuCb of(ArmSmmuContextFmt kind, int tag, PgtableRegisters table, boolean upper) {
    return switch (table) {
      case PgtableRegisters.Stage1 walk -> stage1(kind, tag, walk, upper);
      case PgtableRegisters.Stage2 walk ->
          new ArmSmmuCb(kind, tag, ArmSmmuLpae.vtcr(walk.vtcr()), 0, walk.vttbr(), 0, 0);
      case PgtableRegisters.ShortDescriptor walk -> shortDescriptors(kind, tag, walk);
      case PgtableRegisters.Sysmmu other -> throw new AssertionError(other);
    };
  }

  /**
   * One table of long descriptors, in TTBR0 or, if {@code upper}, in TTBR1; walks of the other half
   * are disabled.
   */
  private static ArmSmmuCb stage1(
      ArmSmmuContextFmt kind, int asid, PgtableRegisters.Stage1 table, boolean upper) {
    long asidBits = (long) asid << Cb.TTBR_ASID_SHIFT;
    int lower = ArmSmmuLpae.tcr(table.tcr());
    // A1 would take the ASID from TTBR1; both hold the same one, and TTBR0 is what the GPU writes.
    int split = (lower << 16 & ~Cb.TCR_A1.mask()) | Cb.TCR_EPD0.mask();
    int tcr = upper ? split : lower | Cb.TCR_EPD1.mask();
    int tcr2 = ArmSmmuLpae.tcr2(table.tcr());
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

  /** The same with walks of TTBR0, as for {@code table}. */
  ArmSmmuCb withLower(PgtableRegisters.Stage1 table) {
    int open = (tcr | ArmSmmuLpae.tcr(table.tcr())) & ~(Cb.TCR_EPD0.mask() | Cb.TCR_EPD1.mask());
    long lower = table.ttbr() | (long) tag << Cb.TTBR_ASID_SHIFT;
    return new ArmSmmuCb(kind, tag, open, tcr2, lower, ttbr1, mair);
  }

  /**
   * CBAR for this bank.
   *
   * @param irptndx the index of the interrupt in version 1: {@code cfg->irptndx}
   */
  int cbar(ArmSmmuFeatures smmu, int irptndx) {
    int interrupt = smmu.isV1() ? Gr1.CBAR_IRPTNDX.of(irptndx) : 0;
    if (kind.stage2()) {
      int vmid = smmu.has(ArmSmmuFeatures.Flag.VMID16) ? 0 : Gr1.CBAR_VMID.of(tag);
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
    int vmid = smmu.has(ArmSmmuFeatures.Flag.VMID16) ? Gr1.CBA2R_VMID16.of(tag) : 0;
    return kind.isAArch64() ? vmid | Gr1.CBA2R_VA64.mask() : vmid;
  }

  /** True if EPD1 disables walks of the upper half: the domain is not split. */
  boolean upperClosed() {
    return Cb.TCR_EPD1.isSet(tcr);
  }

  /** True if EPD0 disables walks of the lower half. */
  boolean lowerClosed() {
    return Cb.TCR_EPD0.isSet(tcr);
  }
}
