package org.smmulator.iommu.smmuv3.table;

import org.smmulator.regs.smmuv3.Cd;
import org.smmulator.regs.smmuv3.Ste;

/**
 * The bits of an entry that the hardware uses: all but those that the manual calls IGNORED. Kernel:
 * {@code struct arm_smmu_entry_writer_ops}.
 */
public sealed interface ArmSmmuV3EntryWriterOps {
  /** The bits that the hardware uses while it reads {@code entry}. Kernel: {@code get_used}. */
  ArmSmmuV3Entry used(ArmSmmuV3Entry entry);

  /**
   * The bits that may change at any step while {@code current} becomes {@code target}. Kernel:
   * {@code get_update_safe}.
   */
  ArmSmmuV3Entry safe(ArmSmmuV3Entry current, ArmSmmuV3Entry target);

  /**
   * Of stream table entries. Arm IHI 0070, 5.2 and 13.5. Kernel: {@code arm_smmu_ste_writer_ops}.
   */
  record OfSte() implements ArmSmmuV3EntryWriterOps {
    private static final int STAGE_1 = 1;
    private static final int STAGE_2 = 2;

    /** {@inheritDoc} Kernel: {@code arm_smmu_get_ste_used()}. */
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
     * {@inheritDoc} MEV only merges events. EATS only refuses what a device does with ATS, and ATS
     * is off while EATS changes; but with S2S, or with a check by stage 1, an intermediate entry
     * could be ILLEGAL. Kernel: {@code arm_smmu_get_ste_update_safe()}.
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

  /** Of context descriptors. Arm IHI 0070, 5.4. Kernel: {@code arm_smmu_cd_writer_ops}. */
  record OfCd() implements ArmSmmuV3EntryWriterOps {
    /**
     * {@inheritDoc} With EPD0 nothing that describes TTB0's table is used. Kernel: {@code
     * arm_smmu_get_cd_used()}.
     */
    @Override
    public ArmSmmuV3Entry used(ArmSmmuV3Entry entry) {
      if (!Cd.V.isSet(entry.word(0))) {
        return ArmSmmuV3Entry.of(Cd.V.mask());
      }
      ArmSmmuV3Entry used = ArmSmmuV3Entry.ones();
      if (Cd.EPD0.isSet(entry.word(0))) {
        used.clear(0, Cd.T0SZ.mask() | Cd.TG0.mask());
        used.clear(0, Cd.IR0.mask() | Cd.OR0.mask() | Cd.SH0.mask());
        used.clear(1, Cd.TTB0.mask());
      }
      return used;
    }

    @Override
    public ArmSmmuV3Entry safe(ArmSmmuV3Entry current, ArmSmmuV3Entry target) {
      return new ArmSmmuV3Entry();
    }
  }
}
