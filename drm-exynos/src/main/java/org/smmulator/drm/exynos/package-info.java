/**
 * The room of the Exynos DRM driver. Nothing lives here yet.
 *
 * <p>drm-msm and this module stand side by side and never see each other.
 */
@NullMarked
package org.smmulator.drm.exynos;

import org.jspecify.annotations.NullMarked;
