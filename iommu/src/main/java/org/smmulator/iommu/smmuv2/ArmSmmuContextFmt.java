package org.smmulator.iommu.smmuv2;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.iommu.pgtable.IoPgtableFormat;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The table format and the stage of a context bank. Kernel: {@code enum arm_smmu_context_fmt} and
 * {@code cfg->cbar}.
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

  /** The most input bits of stage 2 with AArch32 tables. */
  private static final int LONG_STAGE_2_BITS = 40;

  /**
   * The choice for a new domain: stage 1 if the SMMU has it, and the format closest to the CPU's.
   *
   * @throws ErrnoException EINVAL if the SMMU walks no known format
   */
  static ArmSmmuContextFmt choose(ArmSmmuFeatures features, KernelBuild build)
      throws ErrnoException {
    boolean stage2 = !features.has(ArmSmmuFeatures.Flag.TRANS_S1);
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

  /** Bits of an input address: {@code ias}. */
  int inputBits(ArmSmmuFeatures features) {
    int wired = stage2 ? features.ipaBits() : features.vaBits();
    if (isAArch64()) {
      return wired;
    }
    return Math.min(wired, stage2 ? LONG_STAGE_2_BITS : Integer.SIZE);
  }

  /** Bits of an output address: {@code oas}. */
  int outputBits(ArmSmmuFeatures features) {
    int wired = stage2 ? features.paBits() : features.ipaBits();
    return switch (format) {
      case AARCH64 -> wired;
      case AARCH32_L -> Math.min(wired, LONG_OUTPUT_BITS);
      case AARCH32_S -> Math.min(wired, Integer.SIZE);
    };
  }
}
