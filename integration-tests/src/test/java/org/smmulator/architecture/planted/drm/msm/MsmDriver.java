package org.smmulator.architecture.planted.drm.msm;

import org.smmulator.architecture.planted.drm.exynos.ExynosDriver;
import org.smmulator.architecture.planted.iommu.pgtable.Format;

/** A DRM driver that knows a format, and its neighbour. */
public record MsmDriver(Format format, ExynosDriver neighbour) {}
