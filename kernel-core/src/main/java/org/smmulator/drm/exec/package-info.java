/**
 * Locking of many buffers at once.
 *
 * <p>Start at {@link org.smmulator.drm.exec.DrmExec}; the locks are those of {@link
 * org.smmulator.dmabuf.Reservation}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code drm_exec.c}, {@code drm_exec_until_all_locked()}</td><td>{@link
 *       org.smmulator.drm.exec.DrmExec}</td></tr>
 * </table>
 *
 * <p>Left out: ENOMEM for the list of what is locked, which is the host's memory here.
 *
 * <p>Threads: one context locks and unlocks; several have an exec each.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.drm.exec;

import org.jspecify.annotations.NullMarked;
