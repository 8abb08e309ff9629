package org.smmulator.drm.mm;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;
import static java.lang.Long.compareUnsigned;
import static org.smmulator.kernel.errno.Errno.ENOSPC;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Hands out pieces of a range of numbers: addresses, offsets. Kernel: {@code struct drm_mm}.
 *
 * <p>Nodes lie in the order of their addresses; the holes between them are indexed by size and by
 * address, and linked in the order in which they came to be. Addresses and sizes are unsigned.
 */
public final class DrmMm {
  /** No node starts there: it would end beyond all addresses. */
  private static final long NOWHERE = -1;

  /** Stands before the first address, so that each hole follows a node. */
  private final MmNode head = new MmNode();

  private final HoleIndex byAddress = new HoleIndex();
  private final HoleIndex bySize = new HoleIndex();
  private @Nullable MmNode newestHole;
  private final long end;
  private int nodes;
  private long holesMade;

  /** Makes a range that is all hole. */
  public DrmMm(long start, long size) {
    checkArgument(compareUnsigned(start + size, start) > 0, "%s + %s", start, size);
    end = start + size;
    head.start = start;
    head.size = 0;
    makeHole(head, size);
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
    if (size == 0 || compareUnsigned(rangeEnd - rangeStart, size) < 0) {
      throw ENOSPC.because("%#x bytes in %#x..%#x", size, rangeStart, rangeEnd);
    }
    MmNode hole = firstHole(size, rangeStart, rangeEnd, mode);
    while (hole != null) {
      long start = fit(hole, size, alignment, rangeStart, rangeEnd, mode);
      if (start != NOWHERE) {
        place(node, hole, start, size);
        return;
      }
      hole = mode.once ? null : nextHole(hole, size, rangeStart, rangeEnd, mode);
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
    MmNode hole = size == 0 ? null : byAddress.lowest(1, start);
    if (hole == null
        || compareUnsigned(start, hole.holeStart()) < 0
        || compareUnsigned(start + size, start) < 0
        || compareUnsigned(start + size, hole.holeEnd()) > 0) {
      throw ENOSPC.because("%#x..%#x is not free", start, start + size);
    }
    place(node, hole, start, size);
  }

  /** Takes {@code node} out; its place becomes a hole. Kernel: {@code drm_mm_remove_node()}. */
  public void remove(MmNode node) {
    checkState(node.allocated, "the node is in no range");
    MmNode before = node.previous;
    checkState(before != null, "the node has nothing before it");
    before.next = node.next;
    if (node.next != null) {
      node.next.previous = before;
    }
    node.allocated = false;
    node.previous = null;
    node.next = null;
    nodes--;
    long merged = startOfNext(before) - before.holeStart();
    if (before.holeSize != 0) {
      if (node.holeSize != 0) {
        dropHole(node);
      }
      moveHole(before, before, merged);
    } else if (node.holeSize != 0) {
      moveHole(node, before, merged);
    } else {
      makeHole(before, merged);
    }
  }

  /** Tells each node and hole by address, and how much they are. Kernel: {@code drm_mm_print()}. */
  public String print() {
    StringBuilder text = new StringBuilder();
    long used = 0;
    long free = printHole(text, head);
    for (MmNode node = head.next; node != null; node = node.next) {
      text.append(line(node.start, node.size, "used"));
      used += node.size;
      free += printHole(text, node);
    }
    return text.append(
            String.format(Locale.ROOT, "total: %d, used %d free %d\n", used + free, used, free))
        .toString();
  }

  private static long printHole(StringBuilder text, MmNode before) {
    if (before.holeSize != 0) {
      text.append(line(before.holeStart(), before.holeSize, "free"));
    }
    return before.holeSize;
  }

  private static String line(long start, long size, String what) {
    return String.format(Locale.ROOT, "0x%016x-0x%016x: %d: %s\n", start, start + size, size, what);
  }

  /** Returns whether no node is allocated. */
  public boolean isClean() {
    return nodes == 0;
  }

  private @Nullable MmNode firstHole(long size, long rangeStart, long rangeEnd, InsertMode mode) {
    return switch (mode.search) {
      case BEST -> bySize.ceiling(size);
      case LOW -> byAddress.lowest(size, rangeStart);
      case HIGH -> byAddress.highest(size, rangeEnd);
      case EVICT -> newestHole;
    };
  }

  private @Nullable MmNode nextHole(
      MmNode hole, long size, long rangeStart, long rangeEnd, InsertMode mode) {
    return switch (mode.search) {
      case BEST -> bySize.after(hole.placeBySize);
      case LOW -> {
        long above = hole.holeEnd();
        yield compareUnsigned(above, rangeEnd) < 0 ? byAddress.lowest(size, above) : null;
      }
      case HIGH -> {
        long below = hole.holeStart();
        yield compareUnsigned(below, rangeStart) > 0 ? byAddress.highest(size, below) : null;
      }
      case EVICT -> hole.olderHole;
    };
  }

  /** Returns the start of the node in {@code hole}, or {@link #NOWHERE} if it does not fit. */
  private static long fit(
      MmNode hole, long size, long alignment, long rangeStart, long rangeEnd, InsertMode mode) {
    long from = max(hole.holeStart(), rangeStart);
    long to = min(hole.holeEnd(), rangeEnd);
    if (!holds(from, to, size)) {
      return NOWHERE;
    }
    boolean atTop = mode.search == InsertMode.Search.HIGH;
    long start = atTop ? to - size : from;
    long beyond = alignment == 0 ? 0 : remainder(start, alignment);
    if (beyond != 0) {
      start -= beyond;
      if (!atTop) {
        start += alignment;
      }
      if (compareUnsigned(start, from) < 0 || !holds(start, to, size)) {
        return NOWHERE;
      }
    }
    return start;
  }

  private static boolean holds(long from, long to, long size) {
    return compareUnsigned(from, to) < 0 && compareUnsigned(to - from, size) >= 0;
  }

  private static long remainder(long start, long alignment) {
    boolean powerOfTwo = (alignment & (alignment - 1)) == 0;
    return powerOfTwo ? start & (alignment - 1) : Long.remainderUnsigned(start, alignment);
  }

  private static long max(long a, long b) {
    return compareUnsigned(a, b) >= 0 ? a : b;
  }

  private static long min(long a, long b) {
    return compareUnsigned(a, b) <= 0 ? a : b;
  }

  private void place(MmNode node, MmNode hole, long start, long size) {
    long holeStart = hole.holeStart();
    long holeEnd = hole.holeEnd();
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
    long below = start - holeStart;
    long above = holeEnd - (start + size);
    if (below != 0) {
      moveHole(hole, hole, below);
      if (above != 0) {
        makeHole(node, above);
      }
    } else if (above != 0) {
      moveHole(hole, node, above);
    } else {
      dropHole(hole);
    }
  }

  private long startOfNext(MmNode node) {
    return node.next == null ? end : node.next.start;
  }

  private void makeHole(MmNode before, long size) {
    before.holeSize = size;
    before.placeByAddress = byAddress.add(before, before.holeStart(), 0, size);
    note(before);
  }

  /** The hole after {@code from} is now after {@code to}, which is next to it, or the same. */
  private void moveHole(MmNode from, MmNode to, long size) {
    forget(from);
    from.holeSize = 0;
    to.holeSize = size;
    to.placeByAddress = from.placeByAddress;
    byAddress.change(to.placeByAddress, to, to.holeStart(), size);
    note(to);
  }

  private void dropHole(MmNode before) {
    byAddress.remove(before.placeByAddress);
    forget(before);
    before.holeSize = 0;
  }

  /** A hole is the newest, whatever it was before. */
  private void note(MmNode hole) {
    // The kernel's tree puts equal holes behind each other and is searched from the back.
    hole.placeBySize = bySize.add(hole, hole.holeSize, ~holesMade++, 0);
    hole.olderHole = newestHole;
    if (newestHole != null) {
      newestHole.newerHole = hole;
    }
    newestHole = hole;
  }

  private void forget(MmNode hole) {
    bySize.remove(hole.placeBySize);
    MmNode newer = hole.newerHole;
    MmNode older = hole.olderHole;
    if (newer == null) {
      newestHole = older;
    } else {
      newer.olderHole = older;
    }
    if (older != null) {
      older.newerHole = newer;
    }
    hole.newerHole = null;
    hole.olderHole = null;
  }
}
