/**
 * The part of reports that knows drm/exynos: the names of its ioctls.
 *
 * <p>Start at {@link org.smmulator.report.exynos.ExynosWords}.
 *
 * <p>Left out: a probe of the engines, whose table switches no report tells yet.
 *
 * <p>Threads: nothing here has state.
 */
@NullMarked
package org.smmulator.report.exynos;

import org.jspecify.annotations.NullMarked;
