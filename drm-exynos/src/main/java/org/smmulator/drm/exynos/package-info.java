/**
 * The Exynos DRM driver. Kernel: {@code drivers/gpu/drm/exynos}.
 *
 * <p>Start at {@link org.smmulator.iommu.exynos}, the driver of its IOMMUs: this package is empty.
 *
 * <p>Left out: everything yet; msm and exynos never see each other.
 *
 * <p>Threads: none.
 */
@NullMarked
package org.smmulator.drm.exynos;

import org.jspecify.annotations.NullMarked;
