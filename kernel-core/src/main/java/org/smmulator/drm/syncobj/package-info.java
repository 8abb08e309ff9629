/**
 * Sync objects: fences by handle, so that a client can order jobs without knowing their numbers.
 *
 * <p>Start at {@link org.smmulator.drm.syncobj.Syncobj}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct drm_syncobj}</td><td>{@link
 *       org.smmulator.drm.syncobj.Syncobj}</td></tr>
 *   <tr><td>{@code drm_file.syncobj_xa}, {@code drm_syncobj_find()}</td><td>{@link
 *       org.smmulator.drm.syncobj.SyncobjHandles}</td></tr>
 * </table>
 *
 * <p>Left out: timelines, and the ioctls that wait, signal, reset, transfer and share.
 *
 * <p>Threads: any context that is in an ioctl of the file; nothing here waits.
 */
@NullMarked
package org.smmulator.drm.syncobj;

import org.jspecify.annotations.NullMarked;
