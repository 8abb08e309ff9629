package org.smmulator.drm.exynos.kms;

/**
 * Decides whether the kernel has a virtual display: the switch {@code exynos.vidi}. Kernel: {@code
 * CONFIG_DRM_EXYNOS_VIDI}.
 */
public enum ExynosVidi {
  /** Linux's configurations for Exynos say so. */
  LEFT_OUT,
  COMPILED_IN
}
