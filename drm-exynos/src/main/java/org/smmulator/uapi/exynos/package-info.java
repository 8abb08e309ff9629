/**
 * The structs and numbers that clients pass to the Exynos driver: {@code
 * include/uapi/drm/exynos_drm.h}.
 *
 * <p>Start at {@link org.smmulator.uapi.exynos.ExynosIoctl}.
 *
 * <p>Left out: the virtual display, image post processing and events, which the driver does not
 * have yet.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.uapi.exynos;

import org.jspecify.annotations.NullMarked;
