/**
 * The Exynos DRM driver: many engines, each behind sysmmus of its own, and one address for each
 * buffer on all of them.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.ExynosDrmDriver}, which brings the engines together,
 * then read {@link org.smmulator.drm.exynos.dma}: who owns the addresses, and whose table the
 * engines walk; {@link org.smmulator.drm.exynos.gem}: buffers; {@link
 * org.smmulator.drm.exynos.g2d}: the 2D engine; {@link org.smmulator.drm.exynos.ipp} and {@link
 * org.smmulator.drm.exynos.gsc}: scalers; {@link org.smmulator.drm.exynos.kms}: display controllers
 * and links.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/gpu/drm/exynos}</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_drm_drv.c}</td><td>{@link
 *       org.smmulator.drm.exynos.ExynosDrmDriver}</td></tr>
 * </table>
 *
 * <p>Left out: FIMC, the rotator and the other scaler, because no board's tree here has one.
 *
 * <p>Threads: ioctls may run in several contexts at once, for one file too.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exynos;

import org.jspecify.annotations.NullMarked;
