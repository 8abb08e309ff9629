/**
 * The queues between the driver of an SMMUv3 and the hardware, and the commands. Arm IHI 0070, 3.5
 * and 4.
 *
 * <p>Start at {@link org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Cmdq}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code arm-smmu-v3.c} and {@code .h}</th><th>Here</th></tr>
 *   <tr><td>{@code struct arm_smmu_cmdq}, {@code arm_smmu_cmdq_issue_cmdlist()}</td><td>{@code
 *       ArmSmmuV3Cmdq}</td></tr>
 *   <tr><td>{@code struct arm_smmu_cmdq_batch}</td><td>{@code ArmSmmuV3CmdqBatch}</td></tr>
 *   <tr><td>{@code struct arm_smmu_cmdq_ent}, {@code arm_smmu_cmdq_build_cmd()}</td><td>{@code
 *       ArmSmmuV3CmdqEnt}</td></tr>
 *   <tr><td>{@code arm_smmu_cmdq_batch_add_range()}</td><td>{@code ArmSmmuV3InvRange}</td></tr>
 *   <tr><td>{@code struct arm_smmu_queue}, {@code queue_remove_raw()}</td><td>{@code
 *       ArmSmmuV3Queue}</td></tr>
 *   <tr><td>{@code arm_smmu_init_one_queue()}</td><td>{@code ArmSmmuV3QueueMemory}</td></tr>
 * </table>
 *
 * <p>Left out: ECMDQs and Tegra's CMDQV.
 *
 * <p>Threads: any context may issue commands, also with interrupts off as long as it does not wait
 * for a CMD_SYNC. The event queue and the PRI queue have one reader each, the interrupt's thread.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.smmuv3.queue;

import org.jspecify.annotations.NullMarked;
