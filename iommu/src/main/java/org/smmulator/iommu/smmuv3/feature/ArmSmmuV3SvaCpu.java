package org.smmulator.iommu.smmuv3.feature;

/**
 * How the CPUs walk the table of a process; an SMMU that shares the table must walk it alike.
 * Kernel: what {@code arm_smmu_sva_supported()} and {@code arm_smmu_make_sva_cd()} read of the
 * CPUs.
 *
 * @param vaBits bits of a process's address, {@code vabits_actual}
 * @param paBits the physical addresses that every CPU can make, ID_AA64MMFR0.PARange
 * @param asidBits 8 or 16, ID_AA64MMFR0.ASIDBits
 * @param mair the value of MAIR_EL1
 */
public record ArmSmmuV3SvaCpu(int vaBits, int paBits, int asidBits, long mair) {
  /** {@code MAIR_EL1_SET} of {@code arch/arm64/mm/proc.S}; index 0 is {@code MT_NORMAL}. */
  private static final long MAIR_EL1_SET = 0x04_0044_ffffL;

  /** The CPUs of this machine. */
  public static ArmSmmuV3SvaCpu ofThisMachine() {
    return new ArmSmmuV3SvaCpu(48, 48, 16, MAIR_EL1_SET);
  }

  /** {@link #paBits} as CD.IPS encodes it. */
  public int physicalSize() {
    return switch (paBits) {
      case 32 -> 0;
      case 36 -> 1;
      case 40 -> 2;
      case 42 -> 3;
      case 44 -> 4;
      case 48 -> 5;
      default -> 6;
    };
  }
}
