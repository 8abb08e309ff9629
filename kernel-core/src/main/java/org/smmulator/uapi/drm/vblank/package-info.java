/**
 * Vblanks as clients see them: ioctls, and the events that a DRM file is read for, of {@code
 * include/uapi/drm/drm.h}.
 *
 * <p>Start at {@link org.smmulator.uapi.drm.vblank.VblankIoctl}.
 *
 * <p>Left out: {@code DRM_IOCTL_MODESET_CTL}, which no driver has any more.
 *
 * <p>Threads: every class is immutable.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.uapi.drm.vblank;

import org.jspecify.annotations.NullMarked;
