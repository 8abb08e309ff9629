/**
 * The registers of an Arm SMMUv2, as the driver and the hardware model both know them.
 *
 * <p>Start at {@link org.smmulator.regs.smmuv2.SmmuPages}: the device is an array of pages, of
 * which the first is {@link org.smmulator.regs.smmuv2.Gr0}, the second {@link
 * org.smmulator.regs.smmuv2.Gr1}, and the upper half holds one {@link org.smmulator.regs.smmuv2.Cb}
 * per context bank.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code arm-smmu.h}, {@code ARM_SMMU_GR0_*}</td><td>{@link org.smmulator.regs.smmuv2.Gr0}</td></tr>
 *   <tr><td>{@code ARM_SMMU_GR1_*}</td><td>{@link org.smmulator.regs.smmuv2.Gr1}</td></tr>
 *   <tr><td>{@code ARM_SMMU_CB_*}</td><td>{@link org.smmulator.regs.smmuv2.Cb}</td></tr>
 *   <tr><td>{@code ARM_SMMU_GFX_PRR_*}</td><td>{@link org.smmulator.regs.smmuv2.AdrenoPrr}</td></tr>
 * </table>
 *
 * <p>Left out: performance counters, integration and secure registers, which no driver here uses;
 * {@code PRRR} and {@code NMRR}, which are MAIR0 and MAIR1 under other names.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.regs.smmuv2;

import org.jspecify.annotations.NullMarked;
