/**
 * The Adreno 6xx: packets of a submit, start and reset of the hardware, its interrupts and faults.
 *
 * <p>Start at {@link org.smmulator.drm.msm.adreno.A6xxGpu}; {@link
 * org.smmulator.drm.msm.adreno.AdrenoDriver} is what the platform bus finds.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code a6xx_gpu.c}, {@code a6xx_submit()}</td><td>{@link
 *       org.smmulator.drm.msm.adreno.A6xxPackets}</td></tr>
 *   <tr><td>{@code a6xx_gpu.c}, the rest</td><td>{@link
 *       org.smmulator.drm.msm.adreno.A6xxGpu}</td></tr>
 *   <tr><td>{@code a6xx_irq()}, {@code a6xx_fault_handler()}</td><td>{@code A6xxFaults}</td></tr>
 *   <tr><td>{@code adreno_device.c}</td><td>{@link
 *       org.smmulator.drm.msm.adreno.AdrenoDriver}</td></tr>
 *   <tr><td>{@code a6xx_catalog.c}</td><td>{@link
 *       org.smmulator.drm.msm.adreno.AdrenoCatalogue}</td></tr>
 * </table>
 *
 * <p>Left out: the GMU (the GPU has power from its probe on), microcode and the zap shader (there
 * is no secure world), clock gating, preemption.
 *
 * <p>Threads: a submit is written by the ring's worker under the GPU's lock; the interrupt handler
 * is hard and only wakes the GPU's worker; faults arrive in the SMMU's threaded handler.
 */
@NullMarked
package org.smmulator.drm.msm.adreno;

import org.jspecify.annotations.NullMarked;
