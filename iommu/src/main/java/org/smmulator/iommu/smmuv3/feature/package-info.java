/**
 * The features of an SMMUv3, read from its ID registers, and those of the CPUs that SVA compares
 * them with.
 *
 * <p>Start at {@link org.smmulator.iommu.smmuv3.feature.ArmSmmuV3HwProbe}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code arm-smmu-v3.c} and {@code .h}</th><th>Here</th></tr>
 *   <tr><td>{@code arm_smmu_device_hw_probe()}</td><td>{@code ArmSmmuV3HwProbe}</td></tr>
 *   <tr><td>{@code ARM_SMMU_FEAT_*}; the sizes of {@code struct arm_smmu_device}</td><td>{@code
 *       ArmSmmuV3Feature}; {@code ArmSmmuV3Features}</td></tr>
 *   <tr><td>{@code arm_smmu_sva_supported()}</td><td>{@code ArmSmmuV3SvaCpu}, in {@code
 *       ArmSmmuV3HwProbe}</td></tr>
 * </table>
 *
 * <p>Left out: the quirks of particular chips.
 *
 * <p>Threads: the probe alone reads registers; its results are immutable.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.smmuv3.feature;

import org.jspecify.annotations.NullMarked;
