/**
 * The structs, constants and ioctl numbers of {@code include/uapi/drm/drm.h}.
 *
 * <p>Start at {@link org.smmulator.uapi.drm.DrmIoctl}, the numbers.
 *
 * <p>Left out: modesetting, PRIME, flink names, and of sync objects all but making and destroying
 * them: no driver here has them yet.
 */
@NullMarked
package org.smmulator.uapi.drm;

import org.jspecify.annotations.NullMarked;
