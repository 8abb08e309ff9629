/**
 * Objects of mode setting, their numbers, and their properties.
 *
 * <p>Start at {@link org.smmulator.drm.kms.object.ModeObjects}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct drm_mode_object}</td><td>{@link
 *       org.smmulator.drm.kms.object.ModeObject}</td></tr>
 *   <tr><td>{@code struct drm_property}</td><td>{@link
 *       org.smmulator.drm.kms.object.Property}</td></tr>
 *   <tr><td>{@code struct drm_property_blob}</td><td>{@link
 *       org.smmulator.drm.kms.object.PropertyBlob}</td></tr>
 * </table>
 *
 * <p>Left out: colour operations and tile groups, which no driver here has.
 *
 * <p>Threads: between two scheduling points nobody else runs, and nothing here blocks.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.kms.object;

import org.jspecify.annotations.NullMarked;
