/**
 * Steps on leases, by which a master lets others be the master of some of its objects.
 *
 * <p>Start at {@link org.smmulator.script.kms.lease.LeaseVocabulary}. A lease is an open file, on
 * which every step that takes a card works.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code DRM_IOCTL_MODE_CREATE_LEASE} and its like</td><td>{@code create_lease}, {@code
 *       list_lessees}, {@code get_lease}, {@code revoke_lease}</td></tr>
 * </table>
 *
 * <p>Left out: nothing.
 *
 * <p>Threads: each step runs in its process.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.kms.lease;

import org.jspecify.annotations.NullMarked;
