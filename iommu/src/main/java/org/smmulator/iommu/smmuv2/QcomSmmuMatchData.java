package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DtNode;

/**
 * What kind of Qualcomm SMMU a node describes. Kernel: {@code struct qcom_smmu_match_data}.
 *
 * <p>Linux lists the SoCs; here a name of Qualcomm's that ends like the others of its class is of
 * that class. What is known of single SoCs is from general knowledge of that list.
 *
 * @param adreno whether it is the one in front of a GPU
 * @param mmu500 whether it is an MMU-500 inside
 * @param splitTables whether TTBR1 works
 * @param clientTable whether ACTLR goes by the client
 * @param partlyResident whether a GPU may have partly resident regions
 */
record QcomSmmuMatchData(
    boolean adreno,
    boolean mmu500,
    boolean splitTables,
    boolean clientTable,
    boolean partlyResident) {
  /** The model of {@code node}; null if Qualcomm has changed nothing about it. */
  static @Nullable QcomSmmuMatchData of(DtNode node) {
    boolean adreno = node.isCompatible("qcom,adreno-smmu");
    boolean mmu500 = hasClass(node, "smmu-500");
    boolean oldest = node.isCompatible("qcom,msm8996-smmu-v2");
    if (!adreno && (oldest || !(mmu500 || hasClass(node, "smmu-v2")))) {
      return null;
    }
    return new QcomSmmuMatchData(
        adreno,
        mmu500,
        !oldest,
        mmu500 && !node.isCompatible("qcom,sdm845-smmu-500"),
        node.isCompatible("qcom,smmu-500") && !node.isCompatible("qcom,sm8250-smmu-500"));
  }

  private static boolean hasClass(DtNode node, String ending) {
    return node.compatible().stream()
        .anyMatch(name -> name.startsWith("qcom,") && name.endsWith(ending));
  }
}
