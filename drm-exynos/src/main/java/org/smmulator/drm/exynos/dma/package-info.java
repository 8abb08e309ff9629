/**
 * The addresses that all engines of one DRM device share, and what the engines see of memory while
 * they work for a file.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.dma.ExynosMapping}: the arguments of 2014 and 2018
 * about who owns the addresses. Then {@link org.smmulator.drm.exynos.dma.ExynosPagetables}: one
 * table for all, or one for each file, which all engines follow in turns ({@link
 * org.smmulator.drm.exynos.dma.EngineTurns}). {@link org.smmulator.drm.exynos.dma.ExynosFault}
 * decides what a fault ends.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/gpu/drm/exynos}</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_drm_dma.c}</td><td>{@link
 *       org.smmulator.drm.exynos.dma.ExynosMapping}</td></tr>
 *   <tr><td>{@code struct exynos_drm_private}</td><td>{@link
 *       org.smmulator.drm.exynos.dma.ExynosDrmPrivate}</td></tr>
 * </table>
 *
 * <p>Left out: nothing of {@code exynos_drm_dma.c}.
 *
 * <p>Threads: engines join and leave while the DRM device binds. Maps and turns may be asked for by
 * several contexts at once, and block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exynos.dma;

import org.jspecify.annotations.NullMarked;
