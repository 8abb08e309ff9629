package org.smmulator.iommu.smmuv3;

import org.smmulator.regs.smmuv3.Ste;

/** Stream table entries. Arm IHI 0070, 5.2 and 13.5. */
final class ArmSmmuV3SteWriterOps implements ArmSmmuV3EntryWriterOps {
  private static final int STAGE_1 = 1;
  private static final int STAGE_2 = 2;

  /** Kernel: {@code arm_smmu_get_ste_used()}. */
  @Override
  public ArmSmmuV3Entry used(ArmSmmuV3Entry entry) {
    ArmSmmuV3Entry used = ArmSmmuV3Entry.of(Ste.V.mask());
    if (!Ste.V.isSet(entry.word(0))) {
      return used;
    }
    int config = Ste.CFG.getInt(entry.word(0));
    used.or(0, Ste.CFG.mask());
    if ((config & STAGE_1) != 0) {
      addStage1(used, entry);
    }
    if ((config & STAGE_2) != 0) {
      addStage2(used);
    }
    if (config == Ste.CFG_BYPASS) {
      used.or(1, Ste.SHCFG.mask());
    }
    return used;
  }

  private static void addStage1(ArmSmmuV3Entry used, ArmSmmuV3Entry entry) {
    used.or(0, Ste.S1FMT.mask() | Ste.S1CTXPTR.mask() | Ste.S1CDMAX.mask());
    used.or(1, Ste.S1DSS.mask() | Ste.S1CIR.mask() | Ste.S1COR.mask() | Ste.S1CSH.mask());
    used.or(1, Ste.S1STALLD.mask() | Ste.STRW.mask() | Ste.EATS.mask() | Ste.MEV.mask());
    used.or(2, Ste.S2VMID.mask());
    if (Ste.S1DSS.get(entry.word(1)) == Ste.S1DSS_BYPASS) {
      used.or(1, Ste.SHCFG.mask());
    }
  }

  private static void addStage2(ArmSmmuV3Entry used) {
    used.or(1, Ste.S2FWB.mask() | Ste.EATS.mask() | Ste.SHCFG.mask() | Ste.MEV.mask());
    used.or(2, Ste.S2VMID.mask() | Ste.VTCR_MASK | Ste.S2AA64.mask() | Ste.S2ENDI.mask());
    used.or(2, Ste.S2PTW.mask() | Ste.S2S.mask() | Ste.S2R.mask());
    used.or(3, Ste.S2TTB.mask());
  }

  /**
   * {@inheritDoc} MEV only says how many events there are. EATS keeps a device out that must not
   * use ATS, and whoever changes it has ATS off; but together with S2S, or with a check by stage 1,
   * a step in between could be an entry that the hardware refuses. Kernel: {@code
   * arm_smmu_get_ste_update_safe()}.
   */
  @Override
  public ArmSmmuV3Entry safe(ArmSmmuV3Entry current, ArmSmmuV3Entry target) {
    ArmSmmuV3Entry safe = ArmSmmuV3Entry.of(0, Ste.MEV.mask());
    boolean checked = hasBit(1, Ste.EATS.of(Ste.EATS_S1CHK), current, target);
    boolean stalls = hasBit(2, Ste.S2S.mask(), current, target);
    return checked || stalls ? safe : safe.or(1, Ste.EATS.of(Ste.EATS_TRANS));
  }

  private static boolean hasBit(int word, long bit, ArmSmmuV3Entry one, ArmSmmuV3Entry other) {
    return ((one.word(word) | other.word(word)) & bit) != 0;
  }
}
