/**
 * The driver of Arm's SMMUv3.
 *
 * <p>Start at {@link org.smmulator.iommu.smmuv3.ArmSmmuV3Driver}, its probe; then {@code
 * ArmSmmuV3Device}, one instance, {@code ArmSmmuV3Reset}, how it is brought up, and {@code
 * ArmSmmuV3Attach}, how masters and their substreams get into domains. {@code ArmSmmuV3EntryWriter}
 * changes what the hardware reads under its eyes; {@code ArmSmmuV3DomainInvs} knows what a change
 * of a table has to invalidate.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code arm-smmu-v3.c}, {@code struct arm_smmu_device}</td><td>{@link
 *       org.smmulator.iommu.smmuv3.ArmSmmuV3Driver}, {@code ArmSmmuV3Device}</td></tr>
 *   <tr><td>{@code struct arm_smmu_master}, {@code arm_smmu_ctx_desc_cfg}</td><td>{@code
 *       ArmSmmuV3Master}, {@code ArmSmmuV3CtxDescCfg}</td></tr>
 *   <tr><td>{@code struct arm_smmu_domain}; {@code arm-smmu-v3-sva.c}</td><td>{@code
 *       ArmSmmuV3Domain}; {@code ArmSmmuV3Sva}</td></tr>
 *   <tr><td>{@code arm_smmu_write_entry()}, {@code arm_smmu_entry_writer_ops}</td><td>{@code
 *       ArmSmmuV3EntryWriter}, {@code ArmSmmuV3EntryWriterOps}</td></tr>
 *   <tr><td>{@code arm_smmu_make_*_ste()}, {@code arm_smmu_make_*_cd()}</td><td>{@code
 *       ArmSmmuV3Ste}, {@code ArmSmmuV3Cd}</td></tr>
 *   <tr><td>{@code arm_smmu_cmdq_issue_cmdlist()}, {@code arm_smmu_cmdq_build_cmd()}</td><td>{@code
 *       ArmSmmuV3Cmdq}, {@code ArmSmmuV3CmdqEnt}</td></tr>
 *   <tr><td>{@code struct arm_smmu_invs}, {@code arm_smmu_domain_inv_range()}</td><td>{@code
 *       ArmSmmuV3Invs}, {@code ArmSmmuV3DomainInvs}</td></tr>
 *   <tr><td>{@code arm_smmu_evtq_thread()}, {@code arm_smmu_priq_thread()}</td><td>{@code
 *       ArmSmmuV3Evtq}, {@code ArmSmmuV3Priq}</td></tr>
 *   <tr><td>{@code iopf_queue_add_device()}, {@code iommu_report_device_fault()}</td><td>{@link
 *       org.smmulator.iommu.smmuv3.ArmSmmuV3Iopf}</td></tr>
 *   <tr><td>{@code arm_smmu_setup_msis()}</td><td>{@code ArmSmmuV3Msis}</td></tr>
 *   <tr><td>{@code arm_smmu_attach_prepare()}, {@code arm_smmu_attach_commit()}</td><td>{@code
 *       ArmSmmuV3Master}, {@link org.smmulator.iommu.ats.DeviceAts}</td></tr>
 * </table>
 *
 * <p>Unlike the kernel: page requests of a device that does ATS are dealt with, where the kernel
 * refuses all of them, and answered as page requests even if faults of the device stall; a domain
 * with dirty tracking is refused where hardware has none, which the kernel leaves to iommufd.
 *
 * <p>As in the kernel, the answer to a stall names the first stream of a device: where the hardware
 * forces stalls, one in another stream waits until the SMMU is turned off. And as in the kernel, a
 * device that both stalls and does ATS gets an entry that is illegal if it is put into a domain of
 * stage 2: on PCI there is none.
 *
 * <p>Left out, and why: nested domains of guests and their events (no virtual machines), EL2 and
 * broadcast invalidation (this kernel runs at EL1), PCI, ACPI and the quirks of particular chips,
 * suspend.
 *
 * <p>Threads: {@code arm_smmu_asid_lock} is held while entries and invalidation arrays change
 * together, {@code streams_mutex} while masters come and go and while an event is dealt with.
 * Invalidation takes no lock: it works through the array that it finds.
 */
@NullMarked
package org.smmulator.iommu.smmuv3;

import org.jspecify.annotations.NullMarked;
