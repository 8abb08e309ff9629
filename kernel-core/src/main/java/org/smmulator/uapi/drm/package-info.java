/**
 * What {@code include/uapi/drm/drm.h} declares for every driver.
 *
 * <p>Start at {@link org.smmulator.uapi.drm.DrmIoctl}, the numbers.
 *
 * <p>Left out: modesetting, PRIME, flink names and sync objects, which no driver here has yet.
 */
@NullMarked
package org.smmulator.uapi.drm;

import org.jspecify.annotations.NullMarked;
