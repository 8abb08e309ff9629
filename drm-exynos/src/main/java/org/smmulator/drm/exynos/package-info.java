/**
 * The Exynos DRM driver: many engines, each behind sysmmus of its own, and one address for each
 * buffer on all of them.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.ExynosDrmDriver}, which brings the engines together,
 * then read {@link org.smmulator.drm.exynos.ExynosMapping}: the arguments of 2014 and 2018 about
 * who owns the addresses, and {@link org.smmulator.drm.exynos.ExynosPagetables}: a table for each
 * file on the 2D engine. {@code G2dData} is the 2D engine with its jobs, {@code G2dListBuilder}
 * checks what clients submit, {@link org.smmulator.drm.exynos.DeconContext} is a display
 * controller.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/gpu/drm/exynos}</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_drm_drv.c}</td><td>{@link
 *       org.smmulator.drm.exynos.ExynosDrmDriver}</td></tr>
 *   <tr><td>{@code exynos_drm_dma.c}</td><td>{@link
 *       org.smmulator.drm.exynos.ExynosMapping}</td></tr>
 *   <tr><td>{@code exynos_drm_gem.c}</td><td>{@code ExynosGemObject}, {@code
 *       ExynosGemIoctls}</td></tr>
 *   <tr><td>{@code exynos_drm_g2d.c}</td><td>{@link org.smmulator.drm.exynos.G2dDriver}, {@code
 *       G2dData}, {@code G2dIoctls}, {@code G2dListBuilder}</td></tr>
 *   <tr><td>{@code exynos5433_drm_decon.c}</td><td>{@link
 *       org.smmulator.drm.exynos.DeconDriver}</td></tr>
 * </table>
 *
 * <p>Left out, and to come: mode setting (a display controller shows what kernel code tells it to),
 * FIMD, mixer, HDMI, DSI and MIC, scalers and image post processing, the virtual display, events of
 * the 2D engine, memory of the caller's as an image, buffers shared with other devices.
 *
 * <p>Threads: ioctls may run in several contexts at once, for one file too. A worker starts jobs
 * under {@code runqueue_mutex}; interrupts and faults end them and never block.
 */
@NullMarked
package org.smmulator.drm.exynos;

import org.jspecify.annotations.NullMarked;
