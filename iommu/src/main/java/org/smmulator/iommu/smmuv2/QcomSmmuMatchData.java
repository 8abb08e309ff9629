package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;

/**
 * The variant of Qualcomm's SMMU that a node describes. Kernel: {@code struct
 * qcom_smmu_match_data}, {@code qcom_smmu_impl_of_match} in {@code arm-smmu-qcom.c}.
 *
 * <p>The kernel lists each SoC; here a compatible of Qualcomm's belongs to the variant whose ending
 * it has.
 */
record QcomSmmuMatchData(DtNode node) {
  /** The variant of {@code node}; null for an SMMU without Qualcomm's hooks. */
  static @Nullable QcomSmmuMatchData of(DtNode node) {
    QcomSmmuMatchData data = new QcomSmmuMatchData(node);
    boolean plain = !data.splitTables() || !(data.mmu500() || data.hasCompatible("smmu-v2"));
    return plain && !data.adreno() ? null : data;
  }

  /** Returns whether it is in front of a GPU. */
  boolean adreno() {
    return node.isCompatible("qcom,adreno-smmu");
  }

  /** Returns whether it is an MMU-500. */
  boolean mmu500() {
    return hasCompatible("smmu-500");
  }

  /** Returns whether TTBR1 works. Kernel: {@code qcom_adreno_can_do_ttbr1()}. */
  boolean splitTables() {
    return !node.isCompatible("qcom,msm8996-smmu-v2");
  }

  /** Returns whether ACTLR depends on the client. Kernel: {@code client_match}. */
  boolean clientTable() {
    return mmu500() && !node.isCompatible("qcom,sdm845-smmu-500");
  }

  /** Returns whether the GPU may have partially resident regions. Kernel: {@code set_prr_bit}. */
  boolean partlyResident() {
    return node.isCompatible("qcom,smmu-500") && !node.isCompatible("qcom,sm8250-smmu-500");
  }

  private boolean hasCompatible(String ending) {
    return node.compatible().stream()
        .anyMatch(name -> name.startsWith("qcom,") && name.endsWith(ending));
  }
}
