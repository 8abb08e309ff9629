package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;

/** The architecture version of an SMMU. Kernel: {@code enum arm_smmu_arch_version}. */
enum ArmSmmuArchVersion {
  V1,

  /** Version 1 with the supplement for tables of 64 KiB: an MMU-401. */
  V1_64K,

  V2;

  /** Kernel: {@code arm_smmu_of_match}. */
  static ArmSmmuArchVersion of(@Nullable DtNode node) {
    if (node == null) {
      return V2;
    }
    if (node.isCompatible("arm,mmu-401")) {
      return V1_64K;
    }
    return node.isCompatible("arm,smmu-v1") || node.isCompatible("arm,mmu-400") ? V1 : V2;
  }

  /** The number that is printed. */
  int number() {
    return this == V2 ? 2 : 1;
  }

  /** Returns whether banks have CBA2R and TCR2. */
  boolean hasSecondRegisters() {
    return this != V1;
  }
}
