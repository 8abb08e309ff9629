/**
 * The part of reports that knows drm/exynos: the names of its ioctls, and the walks of several
 * sysmmus side by side.
 *
 * <p>Start at {@link org.smmulator.report.exynos.ExynosProbe}, which reads the registers of each
 * sysmmu as a {@code WatchedSysmmu} and walks tables by a {@code SysmmuWalk}; {@link
 * org.smmulator.report.exynos.ExynosWords} has the names.
 *
 * <p>Left out: table switches, which no report tells yet.
 *
 * <p>Threads: a probe is called by whichever context is at the wire.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.report.exynos;

import org.jspecify.annotations.NullMarked;
