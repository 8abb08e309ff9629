/**
 * The interrupts of an SMMUv3: events, page requests and global errors. Arm IHI 0070, 7 and 8.
 *
 * <p>Start at {@link org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Evtq}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code arm-smmu-v3.c} and {@code .h}</th><th>Here</th></tr>
 *   <tr><td>{@code arm_smmu_evtq_thread()}, {@code arm_smmu_handle_event()}</td><td>{@code
 *       ArmSmmuV3Evtq}</td></tr>
 *   <tr><td>{@code struct arm_smmu_event}, {@code arm_smmu_decode_event()}</td><td>{@code
 *       ArmSmmuV3Event}</td></tr>
 *   <tr><td>{@code arm_smmu_priq_thread()}, {@code arm_smmu_handle_ppr()}</td><td>{@code
 *       ArmSmmuV3Priq}</td></tr>
 *   <tr><td>{@code arm_smmu_gerror_handler()}</td><td>{@code ArmSmmuV3Gerror}</td></tr>
 *   <tr><td>{@code iopf_queue_add_device()}, {@code iommu_report_device_fault()}</td><td>{@link
 *       org.smmulator.iommu.smmuv3.fault.ArmSmmuV3Iopf}</td></tr>
 * </table>
 *
 * <p>Left out: events of nested domains, which go to a guest.
 *
 * <p>Threads: global errors are handled in hard interrupts, events and page requests in the threads
 * of their interrupts, which may block in the handler of a fault.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.smmuv3.fault;

import org.jspecify.annotations.NullMarked;
