/**
 * The switches of the Exynos DRM driver.
 *
 * <p>Start at {@link org.smmulator.machine.config.exynos.ExynosSwitches}.
 *
 * <p>Left out: switches of engines that the driver does not have yet.
 *
 * <p>Threads: every class here is immutable.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.machine.config.exynos;

import org.jspecify.annotations.NullMarked;
