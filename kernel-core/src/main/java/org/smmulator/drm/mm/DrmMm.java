package org.smmulator.drm.mm;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Hands out pieces of a range of numbers: addresses, offsets. Kernel: {@code struct drm_mm}.
 *
 * <p>Nodes lie in the order of their addresses; the holes between them are indexed by size and by
 * address. Addresses are unsigned in the kernel; here a range stays below 2^63.
 */
public final class DrmMm {
  private static final Comparator<MmNode> BY_HOLE_SIZE =
      (a, b) -> {
        int bySize = Long.compare(a.holeSize, b.holeSize);
        // The kernel's tree puts equal holes behind each other and is searched from the back.
        return bySize != 0 ? bySize : Long.compare(b.holeStamp, a.holeStamp);
      };

  /** Stands before the first address, so that each hole follows a node. */
  private final MmNode head = new MmNode();

  private final HoleTree byAddress = new HoleTree();
  private final TreeSet<MmNode> bySize = new TreeSet<>(BY_HOLE_SIZE);
  private final MmNode probe = new MmNode();
  private final long end;
  private int nodes;
  private long holesMade;

  /** Makes a range that is all hole. */
  public DrmMm(long start, long size) {
    checkArgument(start >= 0 && size > 0 && start + size > start, "%s + %s", start, size);
    end = start + size;
    head.start = start;
    head.size = 0;
    setHole(head, size);
  }

  /**
   * Puts {@code node} where {@code mode} says. Kernel: {@code drm_mm_insert_node_in_range()}.
   *
   * @param alignment of the start; 0 and 1 mean none
   * @param rangeStart the lowest address that the node may have
   * @param rangeEnd the first address that it may not reach
   * @throws ErrnoException ENOSPC if no hole fits
   */
  public void insert(
      MmNode node, long size, long alignment, long rangeStart, long rangeEnd, InsertMode mode)
      throws ErrnoException {
    checkState(!node.allocated, "the node is in a range already");
    if (size <= 0 || rangeEnd - rangeStart < size) {
      throw ENOSPC.because("%#x bytes in %#x..%#x", size, rangeStart, rangeEnd);
    }
    MmNode hole = firstHole(size, rangeStart, rangeEnd, mode);
    while (hole != null) {
      long start = fit(hole, size, alignment, rangeStart, rangeEnd, mode);
      if (start >= 0) {
        place(node, hole, start, size);
        return;
      }
      hole = nextHole(hole, size, mode);
    }
    throw ENOSPC.because("no hole of %#x in %#x..%#x", size, rangeStart, rangeEnd);
  }

  /**
   * Puts {@code node} at exactly {@code start}. Kernel: {@code drm_mm_reserve_node()}.
   *
   * @throws ErrnoException ENOSPC if some of that is taken or outside
   */
  public void reserve(MmNode node, long start, long size) throws ErrnoException {
    checkState(!node.allocated, "the node is in a range already");
    MmNode hole = size <= 0 ? null : byAddress.lowest(1, start);
    if (hole == null
        || start < hole.holeStart()
        || start + size < start
        || start + size > hole.holeEnd()) {
      throw ENOSPC.because("%#x..%#x is not free", start, start + size);
    }
    place(node, hole, start, size);
  }

  /** Takes {@code node} out; its place becomes a hole. Kernel: {@code drm_mm_remove_node()}. */
  public void remove(MmNode node) {
    checkState(node.allocated, "the node is in no range");
    MmNode before = node.previous;
    checkState(before != null, "the node has nothing before it");
    dropHole(node);
    dropHole(before);
    before.next = node.next;
    if (node.next != null) {
      node.next.previous = before;
    }
    node.allocated = false;
    node.previous = null;
    node.next = null;
    nodes--;
    setHole(before, startOfNext(before) - before.holeStart());
  }

  /** Whether nothing is allocated. */
  public boolean isClean() {
    return nodes == 0;
  }

  private @Nullable MmNode firstHole(long size, long rangeStart, long rangeEnd, InsertMode mode) {
    return switch (mode) {
      case BEST -> {
        probe.holeSize = size;
        probe.holeStamp = Long.MAX_VALUE;
        yield bySize.ceiling(probe);
      }
      case LOW -> byAddress.lowest(size, rangeStart);
      case HIGH -> byAddress.highest(size, rangeEnd);
    };
  }

  private @Nullable MmNode nextHole(MmNode hole, long size, InsertMode mode) {
    return switch (mode) {
      case BEST -> bySize.higher(hole);
      case LOW -> byAddress.lowest(size, hole.holeEnd());
      case HIGH -> byAddress.highest(size, hole.holeStart());
    };
  }

  /** Where in {@code hole} the node would start; -1 if it does not fit there. */
  private static long fit(
      MmNode hole, long size, long alignment, long rangeStart, long rangeEnd, InsertMode mode) {
    long from = Math.max(hole.holeStart(), rangeStart);
    long to = Math.min(hole.holeEnd(), rangeEnd);
    if (to <= from || to - from < size) {
      return -1;
    }
    long start = mode == InsertMode.HIGH ? to - size : from;
    long beyond = alignment > 1 ? start % alignment : 0;
    if (beyond != 0) {
      start -= beyond;
      if (mode != InsertMode.HIGH) {
        start += alignment;
      }
      if (start < from || to - start < size) {
        return -1;
      }
    }
    return start;
  }

  private void place(MmNode node, MmNode hole, long start, long size) {
    long holeStart = hole.holeStart();
    long holeEnd = hole.holeEnd();
    dropHole(hole);
    node.start = start;
    node.size = size;
    node.allocated = true;
    node.previous = hole;
    node.next = hole.next;
    if (hole.next != null) {
      hole.next.previous = node;
    }
    hole.next = node;
    nodes++;
    setHole(hole, start - holeStart);
    setHole(node, holeEnd - (start + size));
  }

  private long startOfNext(MmNode node) {
    return node.next == null ? end : node.next.start;
  }

  private void setHole(MmNode before, long size) {
    before.holeSize = size;
    if (size > 0) {
      before.holeStamp = holesMade++;
      byAddress.add(before);
      bySize.add(before);
    }
  }

  private void dropHole(MmNode before) {
    if (before.holeSize > 0) {
      byAddress.remove(before);
      bySize.remove(before);
      before.holeSize = 0;
    }
  }
}
