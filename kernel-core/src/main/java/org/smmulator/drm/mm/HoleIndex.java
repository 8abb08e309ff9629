package org.smmulator.drm.mm;

import static java.lang.Long.compareUnsigned;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Holes in some order; each subtree knows its largest hole, so that a search for one that is large
 * enough passes over the rest. All numbers are unsigned.
 *
 * <p>The kernel has red-black trees here. Which balanced tree it is does not show: searches ask for
 * the first or last hole that will do, not for a shape.
 */
// A treap: of two holes the one with the higher priority, which is drawn from a fixed sequence, is
// above. It needs no search to remove one, and to add one no more than the way down. It lies in one
// array, eight longs a hole of which a search reads the first six: one line of the CPU's cache.
final class HoleIndex {
  /** The place of no hole. */
  static final int NONE = 0;

  private static final int CELLS = 8;
  private static final int ORDER = 0;
  private static final int TIE = 1;
  private static final int SIZE = 2;
  private static final int LARGEST = 3;
  private static final int LEFT = 4;
  private static final int RIGHT = 5;
  private static final int UP = 6;
  private static final int PRIORITY = 7;

  private static final int FIRST_CAPACITY = 64;
  private static final long GOLDEN_RATIO = 0x9e37_79b9_7f4a_7c15L;

  // The place of a hole is where its cells begin; those of NONE stay zero.
  private long[] cells = new long[CELLS * FIRST_CAPACITY];
  private @Nullable MmNode[] holes = new MmNode[FIRST_CAPACITY];
  private int root = NONE;
  private int end = CELLS;
  private int free = NONE;
  private long drawn;

  /**
   * Adds a hole and returns its place.
   *
   * @param order what holes are ordered by, then {@code tie}
   * @param size what {@link #lowest} and {@link #highest} search for
   */
  int add(MmNode hole, long order, long tie, long size) {
    int made = take(hole);
    cells[made + ORDER] = order;
    cells[made + TIE] = tie;
    cells[made + SIZE] = size;
    cells[made + LARGEST] = size;
    cells[made + PRIORITY] = draw();
    int above = NONE;
    boolean goesLeft = false;
    for (int at = root; at != NONE; at = (int) cells[at + (goesLeft ? LEFT : RIGHT)]) {
      above = at;
      goesLeft = isBefore(order, tie, at);
    }
    cells[made + UP] = above;
    if (above == NONE) {
      root = made;
    } else {
      cells[above + (goesLeft ? LEFT : RIGHT)] = made;
    }
    while (above != NONE && cells[above + PRIORITY] < cells[made + PRIORITY]) {
      lift(made);
      above = (int) cells[made + UP];
    }
    for (; above != NONE && compareUnsigned(cells[above + LARGEST], size) < 0; above = up(above)) {
      cells[above + LARGEST] = size;
    }
    return made;
  }

  /** Removes the hole at {@code place}. */
  void remove(int place) {
    int left = (int) cells[place + LEFT];
    int right = (int) cells[place + RIGHT];
    while (left != NONE && right != NONE) {
      lift(cells[left + PRIORITY] > cells[right + PRIORITY] ? left : right);
      left = (int) cells[place + LEFT];
      right = (int) cells[place + RIGHT];
    }
    int above = up(place);
    hang(left == NONE ? right : left, above, place);
    measureUpwards(above);
    giveBack(place);
  }

  /** Replaces the hole at {@code place} by one that sorts at the same place. */
  void change(int place, MmNode hole, long order, long size) {
    holes[place / CELLS] = hole;
    cells[place + ORDER] = order;
    cells[place + SIZE] = size;
    measureUpwards(place);
  }

  /** The first hole whose order is at least {@code order}. */
  @Nullable MmNode ceiling(long order) {
    int found = NONE;
    for (int at = root; at != NONE; ) {
      boolean takesLeft = compareUnsigned(cells[at + ORDER], order) >= 0;
      found = takesLeft ? at : found;
      at = child(at, takesLeft);
    }
    return holeAt(found);
  }

  /** The hole after the one at {@code place}. */
  @Nullable MmNode after(int place) {
    int at = (int) cells[place + RIGHT];
    if (at != NONE) {
      while (cells[at + LEFT] != NONE) {
        at = (int) cells[at + LEFT];
      }
      return holeAt(at);
    }
    int below = place;
    for (at = up(place); at != NONE && cells[at + RIGHT] == below; at = up(at)) {
      below = at;
    }
    return holeAt(at);
  }

  /**
   * Of holes in the order of their addresses, the lowest of at least {@code size} that ends above
   * {@code address}.
   */
  @Nullable MmNode lowest(long size, long address) {
    return holeAt(lowest(root, size, address));
  }

  /** Of holes in the order of their addresses, the highest that starts below {@code address}. */
  @Nullable MmNode highest(long size, long address) {
    return holeAt(highest(root, size, address));
  }

  private int lowest(int from, long size, long address) {
    for (int at = from; isLargeEnough(LARGEST, at, size); at = (int) cells[at + RIGHT]) {
      if (compareUnsigned(cells[at + ORDER] + cells[at + SIZE] - 1, address) < 0) {
        continue;
      }
      int lower = lowest((int) cells[at + LEFT], size, address);
      if (lower != NONE) {
        return lower;
      }
      if (isLargeEnough(SIZE, at, size)) {
        return at;
      }
    }
    return NONE;
  }

  private int highest(int from, long size, long address) {
    for (int at = from; isLargeEnough(LARGEST, at, size); at = (int) cells[at + LEFT]) {
      if (compareUnsigned(cells[at + ORDER], address) >= 0) {
        continue;
      }
      int higher = highest((int) cells[at + RIGHT], size, address);
      if (higher != NONE) {
        return higher;
      }
      if (isLargeEnough(SIZE, at, size)) {
        return at;
      }
    }
    return NONE;
  }

  private boolean isLargeEnough(int cell, int at, long size) {
    return at != NONE && compareUnsigned(cells[at + cell], size) >= 0;
  }

  private boolean isBefore(long order, long tie, int at) {
    int byOrder = compareUnsigned(order, cells[at + ORDER]);
    return (byOrder == 0 ? compareUnsigned(tie, cells[at + TIE]) : byOrder) < 0;
  }

  private int child(int at, boolean left) {
    return (int) cells[at + (left ? LEFT : RIGHT)];
  }

  private int up(int at) {
    return (int) cells[at + UP];
  }

  /** Has {@code below} and what it hangs on change places. */
  private void lift(int below) {
    int above = up(below);
    boolean wasLeft = cells[above + LEFT] == below;
    int moved = child(below, !wasLeft);
    hang(below, up(above), above);
    cells[above + (wasLeft ? LEFT : RIGHT)] = moved;
    if (moved != NONE) {
      cells[moved + UP] = above;
    }
    cells[below + (wasLeft ? RIGHT : LEFT)] = above;
    cells[above + UP] = below;
    measure(above);
    measure(below);
  }

  /** Hangs {@code at}, if it is one, where {@code instead} hung on {@code above}. */
  private void hang(int at, int above, int instead) {
    if (above == NONE) {
      root = at;
    } else {
      cells[above + (cells[above + LEFT] == instead ? LEFT : RIGHT)] = at;
    }
    if (at != NONE) {
      cells[at + UP] = above;
    }
  }

  private void measureUpwards(int from) {
    for (int at = from; at != NONE; at = up(at)) {
      long before = cells[at + LARGEST];
      measure(at);
      if (cells[at + LARGEST] == before) {
        return;
      }
    }
  }

  private void measure(int at) {
    long largest = cells[at + SIZE];
    long left = cells[(int) cells[at + LEFT] + LARGEST];
    long right = cells[(int) cells[at + RIGHT] + LARGEST];
    largest = compareUnsigned(left, largest) > 0 ? left : largest;
    cells[at + LARGEST] = compareUnsigned(right, largest) > 0 ? right : largest;
  }

  // ---- places

  private @Nullable MmNode holeAt(int place) {
    return holes[place / CELLS];
  }

  private int take(MmNode hole) {
    int place = free;
    if (place == NONE) {
      if (end == cells.length) {
        cells = Arrays.copyOf(cells, 2 * end);
        holes = Arrays.copyOf(holes, 2 * end / CELLS);
      }
      place = end;
      end += CELLS;
    } else {
      free = (int) cells[place + LEFT];
    }
    holes[place / CELLS] = hole;
    cells[place + LEFT] = NONE;
    cells[place + RIGHT] = NONE;
    return place;
  }

  private void giveBack(int place) {
    holes[place / CELLS] = null;
    cells[place + LEFT] = free;
    free = place;
  }

  /** The next of a fixed sequence of numbers without order. */
  private long draw() {
    drawn += GOLDEN_RATIO;
    long mixed = (drawn ^ drawn >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    return mixed ^ mixed >>> 31;
  }
}
