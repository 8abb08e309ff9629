/**
 * The 2D engine's driver: what clients submit, its checks, and the queue of jobs.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.g2d.G2dIoctls}. {@code G2dListBuilder} checks what
 * clients submit, {@code G2dUserMemory} pins memory of theirs, {@link
 * org.smmulator.drm.exynos.g2d.G2dData} is the engine with its jobs, {@link
 * org.smmulator.drm.exynos.g2d.G2dDriver} binds it.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drivers/gpu/drm/exynos/exynos_drm_g2d.c}</td><td>{@link
 *       org.smmulator.drm.exynos.g2d.G2dDriver}, {@link
 *       org.smmulator.drm.exynos.g2d.G2dData}, {@link
 *       org.smmulator.drm.exynos.g2d.G2dIoctls}</td></tr>
 * </table>
 *
 * <p>Left out: nothing that clients can ask for.
 *
 * <p>Threads: ioctls may run in several contexts at once, for one file too. A worker starts jobs
 * under {@code runqueue_mutex}; interrupts and faults end them and never block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exynos.g2d;

import org.jspecify.annotations.NullMarked;
