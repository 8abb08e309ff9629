/**
 * Mode setting: what a device shows, where, and how that changes all at once.
 *
 * <p>Start at {@link org.smmulator.drm.kms.ModeConfig}, a device's displays, then read {@link
 * org.smmulator.drm.kms.AtomicState}, a change of them, {@code AtomicCheck} and {@code
 * AtomicCommit}. A driver implements {@link org.smmulator.drm.kms.KmsDriver}, {@link
 * org.smmulator.drm.kms.CrtcDriver}, {@link org.smmulator.drm.kms.PlaneDriver}, {@link
 * org.smmulator.drm.kms.EncoderDriver} and {@link org.smmulator.drm.kms.ConnectorDriver}; the
 * ioctls are in {@link org.smmulator.drm.kms.ioctl}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct drm_mode_config}</td><td>{@link
 *       org.smmulator.drm.kms.ModeConfig}</td></tr>
 *   <tr><td>{@code struct drm_crtc}, {@code struct drm_plane}</td><td>{@link
 *       org.smmulator.drm.kms.Crtc}, {@link org.smmulator.drm.kms.Plane}</td></tr>
 *   <tr><td>{@code struct drm_encoder}, {@code struct drm_connector}</td><td>{@link
 *       org.smmulator.drm.kms.Encoder}, {@link org.smmulator.drm.kms.Connector}</td></tr>
 *   <tr><td>{@code struct drm_bridge}</td><td>{@link org.smmulator.drm.kms.Bridge}</td></tr>
 *   <tr><td>{@code struct drm_framebuffer}</td><td>{@link
 *       org.smmulator.drm.kms.Framebuffer}</td></tr>
 *   <tr><td>{@code struct drm_atomic_state}</td><td>{@link
 *       org.smmulator.drm.kms.AtomicState}</td></tr>
 *   <tr><td>{@code drm_atomic.c}, {@code drm_atomic_helper.c}</td><td>{@code AtomicCheck}, {@code
 *       AtomicCommit}, {@code LegacyChanges}</td></tr>
 *   <tr><td>{@code drm_sysfs.c}</td><td>{@link
 *       org.smmulator.drm.kms.ConnectorNodes}</td></tr>
 *   <tr><td>{@code drm_probe_helper.c}</td><td>{@link
 *       org.smmulator.drm.kms.Connector}</td></tr>
 *   <tr><td>{@code drm_atomic_uapi.c}</td><td>{@code PlaneProperties}, {@code CrtcProperties},
 *       {@code ConnectorProperties}</td></tr>
 * </table>
 *
 * <p>Decision: one lock stands for the kernel's many (each CRTC's, each plane's, that of
 * connections), so nobody backs off and tries again; a commit that waits for its vblank keeps the
 * others waiting, also those of another CRTC. Commits that do not wait do not keep it.
 *
 * <p>Left out: drivers that are not atomic; the formats and flags of bridges, writeback, self
 * refresh, asynchronous updates, colour pipelines, variable refresh beyond its property, rotation,
 * and connectors that come and go.
 *
 * <p>Threads: ioctls take the lock; vblanks come in hard interrupts and take none.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.kms;

import org.jspecify.annotations.NullMarked;
