/**
 * Image post processing: tasks that have a picture processor make one picture of another.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.ipp.IppIoctls}. A task ({@link
 * org.smmulator.drm.exynos.ipp.IppTask}) goes through {@code IppChecks}, and {@link
 * org.smmulator.drm.exynos.ipp.Ipp} queues it; a processor's driver, as {@link
 * org.smmulator.drm.exynos.gsc}, is behind {@link org.smmulator.drm.exynos.ipp.Ipp.Funcs}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/gpu/drm/exynos/exynos_drm_ipp.c}</td><td>{@link
 *       org.smmulator.drm.exynos.ipp.Ipp}, {@link
 *       org.smmulator.drm.exynos.ipp.IppIoctls}</td></tr>
 *   <tr><td>{@code struct exynos_drm_ipp_task}</td><td>{@link
 *       org.smmulator.drm.exynos.ipp.IppTask}</td></tr>
 *   <tr><td>{@code struct drm_format_info}</td><td>{@link
 *       org.smmulator.drm.exynos.ipp.PlaneLayout}</td></tr>
 * </table>
 *
 * <p>Left out: scalers of the other kind ({@code exynos_drm_scaler.c}), rotators and FIMC, which
 * the boards do not have.
 *
 * <p>Threads: ioctls may run in several contexts at once, for one file too. A worker starts tasks;
 * interrupts and faults end them and never block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exynos.ipp;

import org.jspecify.annotations.NullMarked;
