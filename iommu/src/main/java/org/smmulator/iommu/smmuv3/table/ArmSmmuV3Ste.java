package org.smmulator.iommu.smmuv3.table;

import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.regs.smmuv3.SmmuV3Regs;
import org.smmulator.regs.smmuv3.Ste;

/** The stream table entries that the driver uses. Kernel: {@code arm_smmu_make_*_ste()}. */
public final class ArmSmmuV3Ste {
  /**
   * The location of a master's context descriptors.
   *
   * @param pa of the table, or of its first level
   * @param format one of {@code Ste.S1FMT_*}
   * @param bits how many bits of a substream id there are
   */
  record CdTableRoot(long pa, int format, int bits) {}

  private ArmSmmuV3Ste() {}

  /** All transactions abort. Kernel: {@code arm_smmu_make_abort_ste()}. */
  public static ArmSmmuV3Entry abort() {
    return ArmSmmuV3Entry.of(Ste.V.of(1) | Ste.CFG.of(Ste.CFG_ABORT));
  }

  /** All transactions bypass. Kernel: {@code arm_smmu_make_bypass_ste()}. */
  public static ArmSmmuV3Entry bypass(ArmSmmuV3StreamAttrs attrs) {
    return ArmSmmuV3Entry.of(Ste.V.of(1) | Ste.CFG.of(Ste.CFG_BYPASS), incoming(attrs));
  }

  /**
   * Stage 1 by context descriptors. Kernel: {@code arm_smmu_make_cdtable_ste()}.
   *
   * @param s1dss the translation of transactions without a substream, one of {@code Ste.S1DSS_*}
   */
  public static ArmSmmuV3Entry cdTable(
      CdTableRoot table, ArmSmmuV3StreamAttrs attrs, boolean ats, int s1dss) {
    ArmSmmuV3Entry made =
        ArmSmmuV3Entry.of(
            Ste.V.of(1)
                | Ste.CFG.of(Ste.CFG_S1_TRANS)
                | Ste.S1FMT.of(table.format())
                | (table.pa() & Ste.S1CTXPTR.mask())
                | Ste.S1CDMAX.of(table.bits()),
            Ste.S1DSS.of(s1dss)
                | Ste.S1CIR.of(Ste.S1C_CACHE_WBRA)
                | Ste.S1COR.of(Ste.S1C_CACHE_WBRA)
                | Ste.S1CSH.of(SmmuV3Regs.SH_ISH)
                | Ste.STRW.of(Ste.STRW_NSEL1)
                | eats(ats));
    if (attrs.has(ArmSmmuV3Feature.STALLS) && !attrs.stallEnabled()) {
      made.or(1, Ste.S1STALLD.mask());
    }
    if (s1dss == Ste.S1DSS_BYPASS) {
      made.or(1, incoming(attrs));
    }
    return made;
  }

  /**
   * Stage 2. Kernel: {@code arm_smmu_make_s2_domain_ste()}.
   *
   * @param forcesWriteBack whether the table was made with the quirk {@code ARM_S2FWB}
   */
  public static ArmSmmuV3Entry stage2(
      PgtableRegisters.Stage2 walk,
      int vmid,
      ArmSmmuV3StreamAttrs attrs,
      boolean ats,
      boolean forcesWriteBack) {
    return ArmSmmuV3Entry.of(
        Ste.V.of(1) | Ste.CFG.of(Ste.CFG_S2_TRANS),
        eats(ats) | incoming(attrs) | (forcesWriteBack ? Ste.S2FWB.mask() : 0),
        Ste.S2VMID.of(vmid)
            | vtcr(walk.vtcr())
            | Ste.S2AA64.mask()
            | Ste.S2PTW.mask()
            | Ste.S2R.mask()
            | (attrs.stallEnabled() ? Ste.S2S.mask() : 0),
        walk.vttbr() & Ste.S2TTB.mask());
  }

  private static long vtcr(PgtableRegisters.Vtcr vtcr) {
    return Ste.VTCR_S2T0SZ.of(vtcr.tsz())
        | Ste.VTCR_S2SL0.of(vtcr.sl())
        | Ste.VTCR_S2IR0.of(vtcr.irgn())
        | Ste.VTCR_S2OR0.of(vtcr.orgn())
        | Ste.VTCR_S2SH0.of(vtcr.sh())
        | Ste.VTCR_S2TG.of(vtcr.tg())
        | Ste.VTCR_S2PS.of(vtcr.ps());
  }

  private static long eats(boolean ats) {
    return Ste.EATS.of(ats ? Ste.EATS_TRANS : Ste.EATS_ABT);
  }

  private static long incoming(ArmSmmuV3StreamAttrs attrs) {
    return attrs.has(ArmSmmuV3Feature.ATTRIBUTE_OVERRIDE) ? Ste.SHCFG.of(Ste.SHCFG_INCOMING) : 0;
  }
}
