/**
 * The structs, constants and ioctl numbers of {@code include/uapi/drm/drm.h}.
 *
 * <p>Start at {@link org.smmulator.uapi.drm.DrmIoctl}, the numbers.
 *
 * <p>Left out: modesetting: no driver here has a display yet.
 *
 * <p>Public API: {@link org.smmulator.uapi.drm.DrmSetVersion}; what else is here may change with
 * any release.
 */
@NullMarked
package org.smmulator.uapi.drm;

import org.jspecify.annotations.NullMarked;
