/**
 * The driver of Arm's SMMUv3. Its classes begin with {@code ArmSmmuV3}; the model's begin with
 * {@code SmmuV3} or stand in {@code hw.smmuv3}.
 *
 * <p>Start at {@link org.smmulator.iommu.smmuv3.ArmSmmuV3Driver}, its probe; then {@code
 * ArmSmmuV3Device}, one SMMU; {@code ArmSmmuV3Reset}, which programs it; and {@code
 * ArmSmmuV3Attach}, which attaches masters and their substreams to domains. The rooms below: {@code
 * feature} reads the ID registers, {@code queue} has the queues and commands, {@code table} the
 * entries in memory, {@code fault} the interrupts.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code arm-smmu-v3.c}, {@code struct arm_smmu_device}</td><td>{@link
 *       org.smmulator.iommu.smmuv3.ArmSmmuV3Driver}, {@code ArmSmmuV3Device}</td></tr>
 *   <tr><td>{@code arm_smmu_device_reset()}, {@code arm_smmu_write_reg_sync()}</td><td>{@code
 *       ArmSmmuV3Reset}, {@code ArmSmmuV3RegSync}</td></tr>
 *   <tr><td>{@code arm_smmu_setup_msis()}</td><td>{@code ArmSmmuV3Msis}</td></tr>
 *   <tr><td>{@code struct arm_smmu_master}</td><td>{@code ArmSmmuV3Master}</td></tr>
 *   <tr><td>{@code struct arm_smmu_domain}; {@code arm-smmu-v3-sva.c}</td><td>{@code
 *       ArmSmmuV3Domain}; {@code ArmSmmuV3Sva}</td></tr>
 *   <tr><td>{@code struct arm_smmu_invs}, {@code arm_smmu_domain_inv_range()}</td><td>{@code
 *       ArmSmmuV3Invs}, {@code ArmSmmuV3DomainInvs}</td></tr>
 *   <tr><td>{@code arm_smmu_attach_prepare()}, {@code arm_smmu_attach_commit()}</td><td>{@code
 *       ArmSmmuV3Attach}; their ATS in {@code ArmSmmuV3Master}, {@link
 *       org.smmulator.iommu.ats.DeviceAts}</td></tr>
 *   <tr><td>{@code arm_smmu_ops}</td><td>{@code ArmSmmuV3Ops}</td></tr>
 *   <tr><td>{@code arm_smmu_asid_xa}, {@code arm_smmu_asid_lock}</td><td>{@code
 *       ArmSmmuV3Globals}</td></tr>
 * </table>
 *
 * <p>Unlike the kernel: page requests of a device with ATS are handled, where the kernel denies all
 * of them, and get a CMD_PRI_RESP even if the device can stall, too; a domain with dirty tracking
 * is refused where the hardware has none, which the kernel leaves to iommufd.
 *
 * <p>As in the kernel: CMD_RESUME names the first stream of a device, so that where the hardware
 * forces stalls, one of another stream lasts until the SMMU is turned off; and a device that both
 * stalls and does ATS gets an ILLEGAL entry in a domain of stage 2, which PCI never has.
 *
 * <p>Left out, and why: nested domains of guests and their events (no virtual machines), EL2 and
 * broadcast invalidation (this kernel runs at EL1), PCI, ACPI and the quirks of particular chips,
 * suspend.
 *
 * <p>Threads: {@code arm_smmu_asid_lock} is held while entries and invalidation arrays change
 * together, {@code streams_mutex} while masters come and go and while an event is handled.
 * Invalidation takes no lock: it works through the array that it finds, so any context may map and
 * unmap.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.smmuv3;

import org.jspecify.annotations.NullMarked;
