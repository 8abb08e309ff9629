package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.smmuv2.ArmSmmuContextFmt.Format;

/**
 * The architecture of the kernel's build: {@code kernel.build}. Of the formats that an SMMU walks,
 * a domain gets the one closest to the CPU's. Kernel: {@code CONFIG_64BIT} and {@code
 * CONFIG_ARM_LPAE} in {@code arm_smmu_init_domain_context()}.
 */
public sealed interface KernelBuild {
  /**
   * The format of a new domain; null if the SMMU walks none.
   *
   * @param stage2 whether the bank does stage 2, for which there are no short descriptors
   */
  @Nullable Format formatFor(ArmSmmuFeatures.Tables tables, boolean stage2);

  /** {@code arm64}: AArch64 tables if the SMMU walks them. */
  record Arm64() implements KernelBuild {
    @Override
    public @Nullable Format formatFor(ArmSmmuFeatures.Tables tables, boolean stage2) {
      return tables.aarch64() ? Format.AARCH64 : longOf(tables);
    }
  }

  /** {@code arm-lpae}: 32 bits, with long descriptors. */
  record ArmLpae() implements KernelBuild {
    @Override
    public @Nullable Format formatFor(ArmSmmuFeatures.Tables tables, boolean stage2) {
      return tables.aarch64() && !tables.aarch32() ? Format.AARCH64 : longOf(tables);
    }
  }

  /** {@code arm}: 32 bits, with short descriptors. */
  record Arm() implements KernelBuild {
    @Override
    public @Nullable Format formatFor(ArmSmmuFeatures.Tables tables, boolean stage2) {
      return tables.aarch32Short() && !stage2
          ? Format.AARCH32_S
          : new ArmLpae().formatFor(tables, stage2);
    }
  }

  private static @Nullable Format longOf(ArmSmmuFeatures.Tables tables) {
    return tables.aarch32() ? Format.AARCH32_L : null;
  }
}
