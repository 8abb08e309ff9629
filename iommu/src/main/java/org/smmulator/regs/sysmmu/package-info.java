/**
 * The registers of Samsung's sysmmu, as the driver and the hardware model both know them.
 *
 * <p>Start at {@link org.smmulator.regs.sysmmu.SysmmuRegs}, what every version has, and {@link
 * org.smmulator.regs.sysmmu.SysmmuVariant}, what moved from version to version. How each version
 * tells of a fault is in {@link org.smmulator.regs.sysmmu.SysmmuV1FaultRegs}, {@link
 * org.smmulator.regs.sysmmu.SysmmuV5FaultRegs} and {@link
 * org.smmulator.regs.sysmmu.SysmmuV7FaultRegs}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/iommu/exynos-iommu.c}</th><th>Here</th></tr>
 *   <tr><td>{@code REG_MMU_*}, {@code CTRL_*}, {@code CFG_*}</td><td>{@link
 *       org.smmulator.regs.sysmmu.SysmmuRegs}</td></tr>
 *   <tr><td>{@code struct sysmmu_variant}, {@code REG_V7_*}</td><td>{@link
 *       org.smmulator.regs.sysmmu.SysmmuVariant}</td></tr>
 * </table>
 *
 * <p>Source: the kernel; Samsung's manuals are not public for all versions. Left out: prefetch
 * buffers and performance counters, which no driver here uses.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.sysmmu;

import org.jspecify.annotations.NullMarked;
