package org.smmulator.drm.sched;

/** Which entity's jobs run first: the first of these. Kernel: {@code enum drm_sched_priority}. */
public enum SchedPriority {
  KERNEL,
  HIGH,
  NORMAL,
  LOW
}
