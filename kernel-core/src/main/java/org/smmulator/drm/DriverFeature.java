package org.smmulator.drm;

/**
 * An optional part of the DRM core that a driver takes. Kernel: {@code enum drm_driver_feature}.
 */
public enum DriverFeature {
  /** {@code DRIVER_SYNCOBJ}. */
  SYNCOBJ,

  /** {@code DRIVER_SYNCOBJ_TIMELINE}. */
  SYNCOBJ_TIMELINE
}
