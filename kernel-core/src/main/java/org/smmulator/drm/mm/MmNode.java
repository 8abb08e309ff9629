package org.smmulator.drm.mm;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a {@link DrmMm}'s range, and the hole that follows it. Kernel: {@code struct
 * drm_mm_node}.
 *
 * <p>Its owner keeps it and may put it in and take it out as often as it likes.
 */
public final class MmNode {
  long start;
  long size;
  long holeSize;

  // Links of the holes in the order in which they came to be.
  @Nullable MmNode newerHole;
  @Nullable MmNode olderHole;

  boolean allocated;
  @Nullable MmNode previous;
  @Nullable MmNode next;

  // Where the hole is in each index, see HoleIndex.
  int placeByAddress;
  int placeBySize;

  /** The first address; meaningless while the node is in no range. */
  public long start() {
    return start;
  }

  /** The size; meaningless while the node is in no range. */
  public long size() {
    return size;
  }

  /** Returns whether the node is allocated from a range. */
  public boolean isAllocated() {
    return allocated;
  }

  long holeStart() {
    return start + size;
  }

  long holeEnd() {
    return start + size + holeSize;
  }
}
