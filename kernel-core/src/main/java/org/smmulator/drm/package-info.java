/**
 * The DRM core: devices, their nodes and open files, and how an ioctl finds its handler.
 *
 * <p>Start at {@link org.smmulator.drm.DrmDriver}, what a driver implements, then {@link
 * org.smmulator.drm.DrmFile#ioctl}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drm_drv.c}, {@code struct drm_device}</td><td>{@link
 *       org.smmulator.drm.DrmDevice}</td></tr>
 *   <tr><td>{@code drm_file.c}, {@code struct drm_file}</td><td>{@link
 *       org.smmulator.drm.DrmFile}</td></tr>
 *   <tr><td>{@code drm_ioctl.c}, {@code struct drm_ioctl_desc}</td><td>{@link
 *       org.smmulator.drm.IoctlTable}</td></tr>
 *   <tr><td>{@code drm_read()}, {@code drm_event_reserve_init()}, {@code struct
 *       drm_pending_event}</td><td>{@link org.smmulator.drm.DrmEvents}, {@link
 *       org.smmulator.drm.PendingEvent}</td></tr>
 *   <tr><td>{@code struct drm_driver}</td><td>{@link org.smmulator.drm.DrmDriver}</td></tr>
 *   <tr><td>{@code drm_sysfs.c}, {@code drm_debugfs.c}</td><td>{@link
 *       org.smmulator.drm.DrmNodes}</td></tr>
 *   <tr><td>{@code drm_ioc32.c}</td><td>{@link org.smmulator.drm.CompatIoctls}</td></tr>
 * </table>
 *
 * <p>Left out: nodes of accelerators, which no board here has. What has to do with displays stands
 * in {@link org.smmulator.drm.kms}.
 *
 * <p>Threads: one file may be in several ioctls at once, one for each context that shares it.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm;

import org.jspecify.annotations.NullMarked;
