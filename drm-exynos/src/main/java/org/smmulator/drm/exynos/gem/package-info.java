/**
 * Buffers of the Exynos DRM driver: memory that all engines find at one address.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.gem.ExynosGemObject}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/gpu/drm/exynos}</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_drm_gem.c}</td><td>{@link
 *       org.smmulator.drm.exynos.gem.ExynosGemObject}, {@link
 *       org.smmulator.drm.exynos.gem.ExynosGemIoctls}</td></tr>
 * </table>
 *
 * <p>Left out: caching, as no cache is between the CPU and these buffers.
 *
 * <p>Threads: ioctls may run in several contexts at once, for one file too.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exynos.gem;

import org.jspecify.annotations.NullMarked;
