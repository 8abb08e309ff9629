/**
 * The registers of an Arm SMMUv3 and the structures that it reads and writes in memory, as the
 * driver and the hardware model both know them. Arm IHI 0070.
 *
 * <p>Start at {@link org.smmulator.regs.smmuv3.SmmuV3Regs}. A stream id leads through the stream
 * table to a {@link org.smmulator.regs.smmuv3.Ste}, and that, with a substream id, to a {@link
 * org.smmulator.regs.smmuv3.Cd}. Software sends {@link org.smmulator.regs.smmuv3.Cmd}s; the SMMU
 * sends {@link org.smmulator.regs.smmuv3.Evt}s and {@link org.smmulator.regs.smmuv3.Pri}s. {@link
 * org.smmulator.regs.smmuv3.Queue} says how all three queues count.
 *
 * <p>{@link org.smmulator.regs.smmuv3.SmmuCommand}, {@link
 * org.smmulator.regs.smmuv3.StreamTableEntry} and {@link
 * org.smmulator.regs.smmuv3.ContextDescriptor} are the same longs decoded, for traces, tests and
 * people.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code arm-smmu-v3.h}, {@code ARM_SMMU_IDR0} and on</td><td>{@link org.smmulator.regs.smmuv3.SmmuV3Regs}</td></tr>
 *   <tr><td>{@code Q_IDX}, {@code Q_WRP}, {@code Q_OVF}, {@code Q_BASE_*}</td><td>{@link org.smmulator.regs.smmuv3.Queue}</td></tr>
 *   <tr><td>{@code STRTAB_STE_*}, {@code STRTAB_L1_*}</td><td>{@link org.smmulator.regs.smmuv3.Ste}</td></tr>
 *   <tr><td>{@code CTXDESC_*}</td><td>{@link org.smmulator.regs.smmuv3.Cd}</td></tr>
 *   <tr><td>{@code CMDQ_*}</td><td>{@link org.smmulator.regs.smmuv3.Cmd}</td></tr>
 *   <tr><td>{@code EVTQ_*}, {@code EVT_ID_*}</td><td>{@link org.smmulator.regs.smmuv3.Evt}</td></tr>
 *   <tr><td>{@code PRIQ_*}</td><td>{@link org.smmulator.regs.smmuv3.Pri}</td></tr>
 * </table>
 *
 * <p>Left out: secure and realm registers, performance counters, VATOS, enhanced command queues,
 * MPAM, the virtual machine structure: nothing here uses them.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.smmuv3;

import org.jspecify.annotations.NullMarked;
