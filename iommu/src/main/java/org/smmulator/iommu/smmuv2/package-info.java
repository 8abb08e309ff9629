/**
 * The driver of Arm's SMMUv1 and SMMUv2, of the MMU-500, and of Qualcomm's variants, in front of
 * GPUs and not. Its classes begin with {@code ArmSmmu}, {@code ArmMmu500} or {@code Qcom}; the
 * models are in {@code hw.smmuv2}.
 *
 * <p>Start at {@link org.smmulator.iommu.smmuv2.ArmSmmuDriver}, its probe; then {@code
 * ArmSmmuDevice}, one SMMU; {@code ArmSmmuStreamMap}, its stream match registers and S2CRs; and
 * {@code ArmSmmuDomainContext}, a context bank in use. A GPU's driver sees {@link
 * org.smmulator.iommu.smmuv2.AdrenoSmmuPriv} alone.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code arm-smmu.c}, {@code struct arm_smmu_device}</td><td>{@link
 *       org.smmulator.iommu.smmuv2.ArmSmmuDriver}, {@code ArmSmmuDevice}</td></tr>
 *   <tr><td>{@code arm_smmu_device_cfg_probe()}, {@code ARM_SMMU_FEAT_*}</td><td>{@code
 *       ArmSmmuCfgProbe}, {@code ArmSmmuFeatures}</td></tr>
 *   <tr><td>{@code struct arm_smmu_domain}, {@code arm_smmu_cfg}, {@code arm_smmu_cb}</td><td>{@code
 *       ArmSmmuDomain}, {@code ArmSmmuDomainContext}, {@code ArmSmmuCb}</td></tr>
 *   <tr><td>{@code struct iommu_ops arm_smmu_ops}; {@code arm_smmu_attach_dev()}</td><td>{@code
 *       ArmSmmuOps}</td></tr>
 *   <tr><td>{@code arm_smmu_s1_tlb_ops}, {@code
 *       arm_smmu_s2_tlb_ops_v2}, {@code arm_smmu_s2_tlb_ops_v1}</td><td>{@code ArmSmmuFlushOps}, {@code ArmSmmuTlb}</td></tr>
 *   <tr><td>{@code arm_smmu_lpae_tcr()} of {@code arm-smmu.h}</td><td>{@link
 *       org.smmulator.iommu.smmuv2.ArmSmmuLpae}</td></tr>
 *   <tr><td>{@code enum arm_smmu_arch_version}; {@code enum arm_smmu_context_fmt}</td><td>{@code
 *       ArmSmmuArchVersion}; {@code ArmSmmuContextFmt}, {@link
 *       org.smmulator.iommu.smmuv2.KernelBuild}</td></tr>
 *   <tr><td>{@code using_legacy_binding}</td><td>{@code ArmSmmuDtBinding}</td></tr>
 *   <tr><td>{@code smrs[]}, {@code s2crs[]}</td><td>{@code ArmSmmuStreamMap}</td></tr>
 *   <tr><td>{@code struct arm_smmu_impl}; {@code arm-smmu-impl.c}</td><td>{@code ArmSmmuImpl};
 *       {@code ArmMmu500Impl}</td></tr>
 *   <tr><td>{@code arm-smmu-qcom.c}</td><td>{@code QcomSmmu}, {@code QcomSmmuMatchData}, {@code
 *       QcomSmmuImpl}, {@code QcomAdrenoSmmuImpl}</td></tr>
 *   <tr><td>{@code arm_smmu_rpm_get()}</td><td>{@code ArmSmmuRpm}</td></tr>
 *   <tr><td>{@code struct adreno_smmu_priv}</td><td>{@link
 *       org.smmulator.iommu.smmuv2.AdrenoSmmuPriv}</td></tr>
 * </table>
 *
 * <p>Arguments of the mailing lists, one class for each side: {@link
 * org.smmulator.iommu.smmuv2.ContextBanks} and {@link org.smmulator.iommu.smmuv2.GpuDefaultDomain}.
 *
 * <p>Left out, and why: the delay before an idle SMMU is suspended, the variants of other vendors,
 * corrections of single Qualcomm SoCs whose ID registers are wrong, and what {@code
 * CONFIG_ARM_SMMU_QCOM_DEBUG} adds. Nested domains: the hardware has them, the kernel's driver does
 * not.
 *
 * <p>Threads: any context that may block can attach, map and unmap; the stream map has {@code
 * stream_map_mutex}, a domain's first attach its {@code init_mutex}. Fault handlers are hard
 * interrupts; context faults of an Adreno's SMMU are handled by a thread. Invalidations of two
 * contexts may interleave at each register access; a sync waits for both.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.NullMarked;
