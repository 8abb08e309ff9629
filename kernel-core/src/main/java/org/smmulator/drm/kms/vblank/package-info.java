/**
 * Vblanks: counting them, waiting for them, and the events that come with them.
 *
 * <p>Start at {@link org.smmulator.drm.kms.vblank.Vblank}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel, {@code drm_vblank.c}</th><th>Here</th></tr>
 *   <tr><td>{@code struct drm_vblank_crtc}</td><td>{@link
 *       org.smmulator.drm.kms.vblank.Vblank}</td></tr>
 *   <tr><td>{@code struct drm_pending_vblank_event}</td><td>{@link
 *       org.smmulator.drm.kms.vblank.VblankEvent}</td></tr>
 * </table>
 *
 * <p>Left out: counters in hardware and the position of the beam, which no driver here asks for;
 * vblank workers and timers.
 *
 * <p>Threads: vblanks are handled in hard interrupts, which never block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.kms.vblank;

import org.jspecify.annotations.NullMarked;
