package org.smmulator.drm.sched;

/** A driver's answer to a job that took too long. Kernel: {@code enum drm_gpu_sched_stat}. */
public enum SchedStat {
  /** The hardware was reset, and the job is the driver's from here on. */
  RESET,
  /** The hardware is gone: nothing more is watched. */
  ENODEV,
  /** The job still makes progress and stays. */
  NO_HANG
}
