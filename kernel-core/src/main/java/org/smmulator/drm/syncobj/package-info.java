/**
 * Sync objects: places for fences by handle, so that clients order jobs without knowing their
 * numbers, in one process or several.
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
 *   <tr><td>{@code drm_syncobj_array_wait_timeout()}</td><td>{@link
 *       org.smmulator.drm.syncobj.SyncobjWait}</td></tr>
 *   <tr><td>{@code drm_syncobj_get_fd()}</td><td>{@link
 *       org.smmulator.drm.syncobj.SyncobjFile}</td></tr>
 * </table>
 *
 * <p>The ioctls stand with the other ones of the core, in {@link org.smmulator.drm}.
 *
 * <p>Left out: the rounding of timeouts to jiffies; they are exact here.
 *
 * <p>Threads: any context that is in an ioctl of a file; a wait blocks, and is woken from whatever
 * context puts a fence in or signals it, a hard interrupt too.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.syncobj;

import org.jspecify.annotations.NullMarked;
