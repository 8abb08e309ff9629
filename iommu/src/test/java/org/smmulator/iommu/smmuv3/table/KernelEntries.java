package org.smmulator.iommu.smmuv3.table;

import com.google.common.collect.ImmutableSet;
import java.util.Arrays;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3SvaCpu;
import org.smmulator.regs.smmuv3.Ste;

/**
 * The entries between which the kernel's own test of the entry writer goes to and fro. Kernel:
 * {@code arm-smmu-v3-test.c}; the numbers it puts into tables are any numbers.
 */
final class KernelEntries {
  /** How a master differs from the plain one. */
  enum Trait {
    ATS,
    STALL,
    NESTED
  }

  static final ArmSmmuV3SvaCpu CPU = ArmSmmuV3SvaCpu.ofThisMachine();
  static final long CD_TABLE = 0xf0f0_f0f0_f0f0L;
  static final long OTHER_CD_TABLE = 0x4b4b_4b4b_4b4bL & ~0x3fL;

  private static final long TABLE = 0xdaed_beef_dead_beefL;
  private static final PgtableRegisters.Stage2 STAGE_2 =
      new PgtableRegisters.Stage2(TABLE, new PgtableRegisters.Vtcr(1, 2, 3, 1, 2, 3, 4));
  private static final PgtableRegisters.Stage1 STAGE_1 =
      new PgtableRegisters.Stage1(
          TABLE, new PgtableRegisters.Tcr(4, 2, 3, 1, 2, 4), 0xabc_def0_1234_5678L);

  private KernelEntries() {}

  static ArmSmmuV3Entry abort() {
    return ArmSmmuV3Ste.abort();
  }

  static ArmSmmuV3Entry bypass() {
    return ArmSmmuV3Ste.bypass(traits(false));
  }

  static ArmSmmuV3Entry cdTable(long pa, int s1dss, Trait... traits) {
    ArmSmmuV3Entry entry =
        ArmSmmuV3Ste.cdTable(
            new ArmSmmuV3Ste.CdTableRoot(pa, Ste.S1FMT_64K_L2, 0x1f),
            traits(has(Trait.STALL, traits)),
            has(Trait.ATS, traits),
            s1dss);
    if (has(Trait.NESTED, traits)) {
      ArmSmmuV3Entry below = stage2();
      entry.or(0, Ste.CFG.of(Ste.CFG_NESTED)).or(1, Ste.MEV.mask());
      entry.set(2, below.word(2));
      entry.set(3, below.word(3));
    }
    return entry;
  }

  static ArmSmmuV3Entry stage2(Trait... traits) {
    return ArmSmmuV3Ste.stage2(
        STAGE_2, 0, traits(has(Trait.STALL, traits)), has(Trait.ATS, traits), false);
  }

  static ArmSmmuV3Entry stage1(int asid) {
    return ArmSmmuV3Cd.stage1(STAGE_1, asid, traits(false), false);
  }

  static ArmSmmuV3Entry shared() {
    return ArmSmmuV3Cd.sva(CPU, 0xf0f0_f000L, 1997, traits(false));
  }

  static ArmSmmuV3Entry released() {
    return ArmSmmuV3Cd.released(CPU, 1997, traits(false));
  }

  private static ArmSmmuV3StreamAttrs traits(boolean stalls) {
    return new ArmSmmuV3StreamAttrs(
        ImmutableSet.of(ArmSmmuV3Feature.STALLS, ArmSmmuV3Feature.ATTRIBUTE_OVERRIDE), stalls);
  }

  private static boolean has(Trait wanted, Trait... traits) {
    return Arrays.asList(traits).contains(wanted);
  }
}
