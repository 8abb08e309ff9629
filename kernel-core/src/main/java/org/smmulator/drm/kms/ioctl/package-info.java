/**
 * The ioctls of mode setting.
 *
 * <p>Start at {@link org.smmulator.drm.kms.ioctl.KernelModeSetting}, which gives a DRM device its
 * displays; then each class is one page of ioctls.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drm_mode_config.c}, {@code drm_encoder.c}</td><td>{@code
 *       ResourceIoctls}</td></tr>
 *   <tr><td>{@code drm_dumb_buffers.c}</td><td>{@code DumbIoctls}</td></tr>
 *   <tr><td>{@code drm_framebuffer.c}</td><td>{@code FramebufferIoctls}</td></tr>
 *   <tr><td>{@code drm_mode_object.c}, {@code drm_property.c}</td><td>{@code
 *       PropertyIoctls}</td></tr>
 *   <tr><td>{@code drm_crtc.c}, {@code drm_plane.c}, {@code drm_color_mgmt.c}</td><td>{@code
 *       CrtcIoctls}, {@code PlaneIoctls}, {@code GammaIoctls}</td></tr>
 *   <tr><td>{@code drm_atomic_uapi.c}</td><td>{@code AtomicIoctl}</td></tr>
 *   <tr><td>{@code drm_vblank.c}</td><td>{@code VblankIoctls}</td></tr>
 *   <tr><td>{@code drm_lease.c}</td><td>{@code LeaseIoctls}</td></tr>
 * </table>
 *
 * <p>Left out: hot spots of cursors, colour pipelines, and events of hot plugs.
 *
 * <p>Threads: ioctls of one file may run in several contexts at once.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.kms.ioctl;

import org.jspecify.annotations.NullMarked;
