/**
 * The ioctls and structs of mode setting: {@code include/uapi/drm/drm_mode.h}.
 *
 * <p>Start at {@link org.smmulator.uapi.drm.mode.ModeIoctl}. Pointers in structs are addresses of
 * the calling process; a count beside one says how much room there is, and the answer is how much
 * there would be.
 *
 * <p>Left out: structs of colour pipelines, HDR metadata and writeback, which no driver here has.
 *
 * <p>Threads: every class is immutable.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.uapi.drm.mode;

import org.jspecify.annotations.NullMarked;
