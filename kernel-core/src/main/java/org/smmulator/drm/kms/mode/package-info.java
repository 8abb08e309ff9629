/**
 * Display modes and pixel formats.
 *
 * <p>Start at {@link org.smmulator.drm.kms.mode.DisplayMode}, then {@link
 * org.smmulator.drm.kms.mode.PixelFormat}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct drm_display_mode}</td><td>{@link
 *       org.smmulator.drm.kms.mode.DisplayMode}</td></tr>
 *   <tr><td>{@code struct drm_format_info}</td><td>{@link
 *       org.smmulator.drm.kms.mode.PixelFormat}</td></tr>
 *   <tr><td>{@code drm_edid.c}</td><td>{@link org.smmulator.drm.kms.mode.Edid}, {@link
 *       org.smmulator.drm.kms.mode.DdcReader}, {@link
 *       org.smmulator.drm.kms.mode.CtaTimings}</td></tr>
 * </table>
 *
 * <p>Left out: what {@link org.smmulator.drm.kms.mode.Edid} says that it leaves out of a monitor's
 * description, and formats that no driver here takes: a client that asks for one gets what a kernel
 * without them gives.
 *
 * <p>Threads: every class is immutable; an EDID is read by who holds the lock of the mode setting.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.kms.mode;

import org.jspecify.annotations.NullMarked;
