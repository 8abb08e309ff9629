package org.smmulator.drm.mm;

/**
 * Which hole an insertion takes. Kernel: {@code enum drm_mm_insert_mode}.
 *
 * <p>{@code DRM_MM_INSERT_ONCE} is a bit there that goes with any other mode; here each pair has a
 * name. What then counts as the first hole depends in the kernel on the shape of its tree, which
 * may lead to a hole that is too small; here it is the first of those that have the size.
 */
public enum InsertMode {
  /** The smallest that fits, and of equal ones the newest. */
  BEST(Search.BEST, false),
  /** The lowest that fits. */
  LOW(Search.LOW, false),
  /** The highest that fits; the node goes to its upper end. */
  HIGH(Search.HIGH, false),
  /** The newest that fits: where something was just removed. */
  EVICT(Search.EVICT, false),
  /** The smallest that has the size; no other is tried if it does not suit. */
  BEST_ONCE(Search.BEST, true),
  /** The lowest that has the size; no other is tried if it does not suit. */
  LOWEST(Search.LOW, true),
  /** The highest that has the size; no other is tried if it does not suit. */
  HIGHEST(Search.HIGH, true),
  /** The newest, whatever its size; no other is tried if it does not suit. */
  EVICT_ONCE(Search.EVICT, true);

  /** In which order holes are tried. */
  enum Search {
    BEST,
    LOW,
    HIGH,
    EVICT
  }

  final Search search;

  /** True if only the first hole is tried. Kernel: {@code DRM_MM_INSERT_ONCE}. */
  final boolean once;

  InsertMode(Search search, boolean once) {
    this.search = search;
    this.once = once;
  }
}
