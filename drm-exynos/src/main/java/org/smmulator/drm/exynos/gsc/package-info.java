/**
 * The driver of the G-Scaler, a picture processor.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.gsc.GscDriver}. {@code GscContext} sets the registers
 * for a task, {@code GscCoefficients} computes the filters.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/gpu/drm/exynos/exynos_drm_gsc.c}</td><td>{@link
 *       org.smmulator.drm.exynos.gsc.GscDriver}, {@code GscContext}</td></tr>
 * </table>
 *
 * <p>Left out: Samsung's tables of coefficients, in whose place ours are computed, and the Exynos
 * 5420's limits, as no board has one.
 *
 * <p>Threads: as {@link org.smmulator.drm.exynos.ipp}.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exynos.gsc;

import org.jspecify.annotations.NullMarked;
