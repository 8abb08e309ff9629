/**
 * Steps that ask a card what it has to show pictures with.
 *
 * <p>Start at {@link org.smmulator.script.kms.lookup.LookupVocabulary}. A step names objects as
 * {@link org.smmulator.script.kms.KmsObject} counts them and yields one number of what is told.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code DRM_IOCTL_MODE_GETRESOURCES}</td><td>{@code getresources} and its like</td></tr>
 *   <tr><td>{@code DRM_IOCTL_GET_CAP}, {@code DRM_IOCTL_SET_CLIENT_CAP}</td><td>{@code get_cap},
 *       {@code set_client_cap}</td></tr>
 * </table>
 *
 * <p>Left out: the modes of a connector one by one, which a Java test asks for.
 *
 * <p>Threads: each step runs in its process.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.script.kms.lookup;

import org.jspecify.annotations.NullMarked;
