package org.smmulator.iommu.smmuv3;

/**
 * How the machine's CPUs walk a process's table; an SMMU that shares it has to do the same.
 *
 * @param vaBits bits of a process's address, {@code vabits_actual}
 * @param paBits the physical addresses that every CPU can make, ID_AA64MMFR0.PARange
 * @param asidBits 8 or 16, ID_AA64MMFR0.ASIDBits
 * @param mair what MAIR_EL1 holds
 */
record ArmSmmuV3SvaCpu(int vaBits, int paBits, int asidBits, long mair) {
  /**
   * The CPUs of this machine. Index 0 of MAIR_EL1 is normal memory, as process tables have it;
   * {@code MAIR_EL1_SET}, from general knowledge.
   */
  static ArmSmmuV3SvaCpu ofThisMachine() {
    return new ArmSmmuV3SvaCpu(48, 48, 16, 0x04_0044_ffffL);
  }

  /** {@link #paBits} as CD.IPS encodes it. */
  int physicalSize() {
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
