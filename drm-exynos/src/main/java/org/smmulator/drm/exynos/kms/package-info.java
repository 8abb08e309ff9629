/**
 * The display side of the Exynos DRM driver: controllers that scan out, and what their pictures go
 * to.
 *
 * <p>Start at {@link org.smmulator.drm.exynos.kms.ExynosKms}, what the components of the DRM device
 * share of mode setting; then {@link org.smmulator.drm.exynos.kms.ExynosCrtcOps}, what a controller
 * is to it, and {@code DeconContext}, one of them.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drivers/gpu/drm/exynos}</th><th>Here</th></tr>
 *   <tr><td>{@code exynos_drm_fb.c}</td><td>{@link
 *       org.smmulator.drm.exynos.kms.ExynosKms}</td></tr>
 *   <tr><td>{@code exynos_drm_crtc.c}</td><td>{@link
 *       org.smmulator.drm.exynos.kms.ExynosCrtcOps}</td></tr>
 *   <tr><td>{@code exynos_drm_plane.c}</td><td>{@code ExynosPlane}</td></tr>
 *   <tr><td>{@code exynos5433_drm_decon.c}</td><td>{@link
 *       org.smmulator.drm.exynos.kms.DeconDriver}</td></tr>
 *   <tr><td>{@code exynos_drm_fimd.c}</td><td>{@link
 *       org.smmulator.drm.exynos.kms.FimdDriver}</td></tr>
 *   <tr><td>{@code exynos_mixer.c}, {@code exynos_hdmi.c}</td><td>{@link
 *       org.smmulator.drm.exynos.kms.MixerDriver}, {@link
 *       org.smmulator.drm.exynos.kms.HdmiDriver}, {@code HdmiContext}</td></tr>
 *   <tr><td>{@code exynos_drm_dsi.c}, {@code exynos_dp.c}</td><td>{@link
 *       org.smmulator.drm.exynos.kms.DsiDriver}, {@link
 *       org.smmulator.drm.exynos.kms.DpDriver}</td></tr>
 *   <tr><td>{@code exynos_drm_mic.c}</td><td>{@link org.smmulator.drm.exynos.kms.MicDriver}, {@code
 *       MicBridge}</td></tr>
 *   <tr><td>{@code exynos_drm_vidi.c}</td><td>{@link org.smmulator.drm.exynos.kms.VidiDriver},
 *       {@code VidiContext}, {@link org.smmulator.drm.exynos.kms.VidiConnector}</td></tr>
 * </table>
 *
 * <p>Left out: the registers of DSI and DisplayPort (links are always up, and pass every pixel as
 * it is), colour keys, and the panels' own drivers: what is known of a panel stands in {@code
 * Panels}.
 *
 * <p>Threads: vblanks and faults come in hard interrupts; all else runs under the lock of the mode
 * setting.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exynos.kms;

import org.jspecify.annotations.NullMarked;
