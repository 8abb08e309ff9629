package org.smmulator.drm.mm;

/** Which hole an insertion takes. Kernel: {@code enum drm_mm_insert_mode}. */
public enum InsertMode {
  /** The smallest that fits, and of equal ones the newest. */
  BEST,
  /** The lowest that fits. */
  LOW,
  /** The highest that fits; the node goes to its upper end. */
  HIGH
}
