package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Which tables a context bank walks, and for which stage. Kernel: {@code enum arm_smmu_context_fmt}
 * and {@code cfg->cbar}.
 */
record ArmSmmuContextFmt(Format format, boolean stage2) {
  /** A format of tables, as the registers tell them apart. */
  enum Format {
    AARCH64,
    /** Long descriptors. */
    AARCH32_L,
    /** Short descriptors. */
    AARCH32_S
  }

  private static final int LONG_OUTPUT_BITS = 40;

  /** What the input of stage 2 may have with AArch32's tables. */
  private static final int LONG_STAGE_2_BITS = 40;

  /**
   * What a new domain gets: stage 1 where there is one, and tables like the CPU's.
   *
   * @throws ErrnoException EINVAL if the hardware reads no tables
   */
  static ArmSmmuContextFmt choose(ArmSmmuFeatures features, KernelBuild build)
      throws ErrnoException {
    boolean stage2 = !features.stage1();
    Format format = build.formatFor(features.tables(), stage2);
    if (format == null) {
      throw EINVAL.because("the SMMU reads no tables");
    }
    return new ArmSmmuContextFmt(format, stage2);
  }

  boolean isAArch64() {
    return format == Format.AARCH64;
  }

  IoPgtableFormat tables() {
    return switch (format) {
      case AARCH64 -> stage2 ? IoPgtableFormat.ARM_64_LPAE_S2 : IoPgtableFormat.ARM_64_LPAE_S1;
      case AARCH32_L -> stage2 ? IoPgtableFormat.ARM_32_LPAE_S2 : IoPgtableFormat.ARM_32_LPAE_S1;
      case AARCH32_S -> IoPgtableFormat.ARM_V7S;
    };
  }

  /** How many bits an iova has. */
  int inputBits(ArmSmmuFeatures features) {
    int wired = stage2 ? features.ipaBits() : features.vaBits();
    if (isAArch64()) {
      return wired;
    }
    return Math.min(wired, stage2 ? LONG_STAGE_2_BITS : Integer.SIZE);
  }

  /** How many bits an address has that leaves the bank. */
  int outputBits(ArmSmmuFeatures features) {
    int wired = stage2 ? features.paBits() : features.ipaBits();
    return switch (format) {
      case AARCH64 -> wired;
      case AARCH32_L -> Math.min(wired, LONG_OUTPUT_BITS);
      case AARCH32_S -> Math.min(wired, Integer.SIZE);
    };
  }
}
