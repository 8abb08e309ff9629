/**
 * The generations of Adreno: packets of a submit, start and reset of the hardware, its interrupts
 * and faults.
 *
 * <p>Start at {@link org.smmulator.drm.msm.adreno.AdrenoDriver}, which the platform bus finds; it
 * looks the GPU up in {@link org.smmulator.drm.msm.adreno.AdrenoCatalogue} and makes one of three:
 *
 * <table>
 *   <caption>The generations</caption>
 *   <tr><th></th><th>A3xx: {@code A3xxGpu}</th><th>A5xx: {@code A5xxGpu}</th><th>A6xx: {@link
 *       org.smmulator.drm.msm.adreno.A6xxGpu}</th></tr>
 *   <tr><th>packets</th><td>types 0, 2 and 3, 32 bits</td><td>types 4 and 7</td><td>types 4 and
 *       7</td></tr>
 *   <tr><th>a switch of tables is</th><td>stores to the context bank's registers, by the
 *       ring</td><td>CP_SMMU_TABLE_UPDATE of three dwords, under APRIV</td><td>CP_SMMU_TABLE_UPDATE
 *       of four</td></tr>
 *   <tr><th>persistent buffers are in</th><td>one sub-table that each root links</td><td>one
 *       sub-table that each root links</td><td>TTBR1</td></tr>
 *   <tr><th>Linux has it</th><td>no: its files share a table</td><td>no: its files share a
 *       table</td><td>yes</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code a6xx_gpu.c}, {@code a6xx_submit()}</td><td>{@link
 *       org.smmulator.drm.msm.adreno.A6xxPackets}</td></tr>
 *   <tr><td>{@code a6xx_gpu.c}, the rest</td><td>{@link
 *       org.smmulator.drm.msm.adreno.A6xxGpu}</td></tr>
 *   <tr><td>{@code a6xx_gmu.c}, {@code a6xx_hfi.c}</td><td>{@code A6xxGmu}, {@code A6xxHfi}</td></tr>
 *   <tr><td>{@code a5xx_gpu.c}</td><td>{@code A5xxGpu}, {@code A5xxPackets}</td></tr>
 *   <tr><td>{@code a5xx_preempt.c}</td><td>{@code A5xxPreempt}</td></tr>
 *   <tr><td>{@code a3xx_gpu.c}</td><td>{@code A3xxGpu}, {@code A3xxPackets}</td></tr>
 *   <tr><td>{@code adreno_gpu.c}</td><td>{@code AdrenoMsmGpu}, {@code AdrenoFaults}</td></tr>
 *   <tr><td>{@code adreno_device.c}</td><td>{@link
 *       org.smmulator.drm.msm.adreno.AdrenoDriver}</td></tr>
 *   <tr><td>{@code a3xx_catalog.c}, {@code a5xx_catalog.c}, {@code a6xx_catalog.c}</td><td>{@link
 *       org.smmulator.drm.msm.adreno.AdrenoCatalogue}</td></tr>
 * </table>
 *
 * <p>Left out: the images of the GMU's firmware and of the microcode, the GMU's votes for voltages
 * and bandwidth, and the zap shader (there is no secure world); clock gating; preemption of an
 * A6xx, which Linux has from A7xx on.
 *
 * <p>Threads: a submit is written by the ring's worker under the GPU's lock; the interrupt handler
 * is hard and only wakes the GPU's worker; faults arrive in the SMMU's threaded handler.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.msm.adreno;

import org.jspecify.annotations.NullMarked;
