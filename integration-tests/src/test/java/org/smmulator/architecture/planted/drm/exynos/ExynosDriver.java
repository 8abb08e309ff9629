package org.smmulator.architecture.planted.drm.exynos;

/** A neighbour. */
public final class ExynosDriver {}
