package org.smmulator.drm.msm.gem;

/**
 * A client's word on what a buffer holds, in the order of {@code msm_drm.h}: what comes later asks
 * for less. Kernel: {@code msm_gem_object.madv}.
 */
public enum Madvice {
  /** The client needs it. Kernel: {@code MSM_MADV_WILLNEED}. */
  WILLNEED,
  /** {@code MSM_MADV_DONTNEED}: the pages may be taken when memory is short. */
  DONTNEED,
  /** {@code __MSM_MADV_PURGED}: they were, and never come back. */
  PURGED
}
