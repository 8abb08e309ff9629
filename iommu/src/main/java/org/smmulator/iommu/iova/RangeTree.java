package org.smmulator.iommu.iova;

import static com.google.common.base.Preconditions.checkState;

import java.util.Arrays;

/**
 * Disjoint ranges of pfns in order, and the highest hole between them that has room.
 *
 * <p>A B+ tree in three flat arrays. An entry of a leaf is a range, and answers for the hole below
 * it; an entry of an inner node is a child, and answers for all holes in it. So a search for room
 * skips every subtree whose {@link HoleSizes} lack the bit it needs, and what it reads lies side by
 * side. The kernel's red-black tree has no such index: it visits one range after another.
 *
 * <p>There is always a last range, {@link #ANCHOR}, that nothing removes: every hole has a range
 * above it. Most methods work at a cursor, the range that the last {@link #seek} or {@link
 * #findHole} went to.
 */
final class RangeTree {
  static final long NONE = -1;

  /** Both ends of the last range. */
  static final long ANCHOR = Long.MAX_VALUE;

  private static final int SHIFT = 6;
  private static final int CAPACITY = 1 << SHIFT;

  /** A node with fewer entries looks for a neighbour to merge with. */
  private static final int SPARSE = CAPACITY / 4;

  /** Merged nodes leave room, lest the next insertion split them again. */
  private static final int MERGED_AT_MOST = 3 * CAPACITY / 4;

  private static final int MAX_HEIGHT = 12;

  // Entry i of node n is at n << SHIFT | i.

  /** A range's first pfn; of a child, the first pfn of its last range. */
  private long[] keys = new long[4 * CAPACITY];

  /** A range's last pfn; of a child, the number of its node. */
  private long[] values = new long[4 * CAPACITY];

  /** {@link HoleSizes} of the hole below a range; of a child, of all in it. */
  private long[] fits = new long[4 * CAPACITY];

  /** How many entries a node has; of a free node, the next free one. */
  private int[] counts = new int[4];

  private int nodesMade = 1;
  private int firstFree = (int) NONE;

  /** Leaves are level 0, the root is level {@code height - 1}. */
  private int height = 1;

  // The cursor: at each level a node, and the entry in it that leads on.
  private final int[] node = new int[MAX_HEIGHT];
  private final int[] slot = new int[MAX_HEIGHT];

  RangeTree() {
    keys[0] = ANCHOR;
    values[0] = ANCHOR;
    fits[0] = HoleSizes.of(0, ANCHOR);
    counts[0] = 1;
  }

  // ---- looking

  /** Moves to the lowest range that starts at {@code pfn} or above. */
  void seek(long pfn) {
    int at = node[height - 1];
    for (int level = height - 1; level >= 0; level--) {
      node[level] = at;
      int found = firstNotBelow(at, pfn);
      slot[level] = found - (at << SHIFT);
      at = (int) values[found];
    }
  }

  /** Moves to the range above the cursor's; the cursor is not at the last. */
  void next() {
    int level = 0;
    while (slot[level] == counts[node[level]] - 1) {
      level++;
    }
    slot[level]++;
    while (--level >= 0) {
      node[level] = (int) values[entry(level + 1)];
      slot[level] = 0;
    }
  }

  /** The first pfn of the range at the cursor. */
  long lo() {
    return keys[entry(0)];
  }

  /** The last pfn of the range at the cursor. */
  long hi() {
    return values[entry(0)];
  }

  /** The first pfn of the hole below the cursor: one above the range there, or 0. */
  long holeStart() {
    int level = 0;
    while (slot[level] == 0) {
      level++;
      if (level == height) {
        return 0;
      }
    }
    int before = entry(level) - 1;
    while (--level >= 0) {
      int child = (int) values[before];
      before = (child << SHIFT) + counts[child] - 1;
    }
    return values[before] + 1;
  }

  /**
   * Finds the highest place that fits wholly between {@code low} and before {@code high}, and moves
   * to the range above its hole.
   *
   * @param order the place is a multiple of 2^order
   * @return the first pfn of the place, or {@link #NONE}
   */
  long findHole(long high, long low, long pages, int order) {
    long bit = HoleSizes.needed(pages, order);
    seek(high); // the one hole that high may cut; all below are whole
    do {
      int first = node[0] << SHIFT;
      for (int i = first + slot[0]; i >= first; i--) {
        if ((fits[i] & bit) == 0) {
          continue;
        }
        long place = (Math.min(high, keys[i]) - pages) & (-1L << order);
        if (place < low) {
          return NONE;
        }
        slot[0] = i - first;
        if (place >= holeStart()) {
          return place;
        }
      }
    } while (toLowerLeaf(bit, low));
    return NONE;
  }

  /** Moves to the next lower leaf that has {@code bit}, and to its highest range that has it. */
  private boolean toLowerLeaf(long bit, long low) {
    for (int level = 1; level < height; level++) {
      int found = highestWith(bit, node[level] << SHIFT, slot[level]);
      if (found == NONE) {
        continue;
      }
      slot[level] = found - (node[level] << SHIFT);
      while (--level >= 0) {
        int child = (int) values[found];
        node[level] = child;
        found = highestWith(bit, child << SHIFT, counts[child]);
        slot[level] = found - (child << SHIFT);
      }
      return keys[found] >= low;
    }
    return false;
  }

  private int highestWith(long bit, int first, int count) {
    for (int i = first + count - 1; i >= first; i--) {
      if ((fits[i] & bit) != 0) {
        return i;
      }
    }
    return (int) NONE;
  }

  /** A binary search without branches to guess: the last entry of a node is never below. */
  private int firstNotBelow(int of, long pfn) {
    int from = of << SHIFT;
    int left = counts[of];
    while (left > 1) {
      int half = left >>> 1;
      from += keys[from + half - 1] < pfn ? half : 0;
      left -= half;
    }
    return from;
  }

  private int entry(int level) {
    return (node[level] << SHIFT) + slot[level];
  }

  // ---- changing

  /** Inserts a range into the hole below the cursor, and moves to it. */
  void insertBelow(long lo, long hi) {
    long holeStart = holeStart();
    insert(0, lo, hi, HoleSizes.of(holeStart, lo));
    int above = entry(0) + 1;
    fits[above] = HoleSizes.of(hi + 1, keys[above]);
    refresh(0);
  }

  /** Removes the range at the cursor, and moves to the one above it. */
  void remove() {
    long lo = lo();
    long holeStart = holeStart();
    boolean wasLast = slot[0] == counts[node[0]] - 1;
    delete(0);
    if (wasLast || counts[node[0]] < SPARSE) {
      refresh(0);
      mergeSparse();
      seek(lo);
    }
    int above = entry(0);
    fits[above] = HoleSizes.of(holeStart, keys[above]);
    refresh(0);
  }

  /** Has the range at the cursor start lower, within the hole below it. */
  void extendDownTo(long lo) {
    int at = entry(0);
    keys[at] = lo;
    fits[at] = HoleSizes.of(holeStart(), lo);
    refresh(0);
  }

  /** Has the parents of the cursor's node say again what is in it, as far up as that changes. */
  private void refresh(int from) {
    for (int level = from; level < height - 1 && counts[node[level]] > 0; level++) {
      int parent = entry(level + 1);
      long key = keys[(node[level] << SHIFT) + counts[node[level]] - 1];
      long all = allFits(node[level]);
      if (keys[parent] == key && fits[parent] == all) {
        return;
      }
      keys[parent] = key;
      fits[parent] = all;
    }
  }

  private long allFits(int of) {
    long all = 0;
    int first = of << SHIFT;
    int end = first + counts[of];
    for (int i = first; i < end; i++) {
      all |= fits[i];
    }
    return all;
  }

  /** Opens an entry before the cursor's, and moves to it. */
  private void insert(int level, long key, long value, long sizes) {
    if (counts[node[level]] == CAPACITY) {
      split(level);
    }
    int at = entry(level);
    int end = (node[level] << SHIFT) + counts[node[level]]++;
    move(at, at + 1, end - at);
    keys[at] = key;
    values[at] = value;
    fits[at] = sizes;
  }

  private void delete(int level) {
    int at = entry(level);
    int end = (node[level] << SHIFT) + counts[node[level]]--;
    move(at + 1, at, end - at - 1);
  }

  /** Moves the lower half of a full node into a new one; the cursor stays at its entry. */
  private void split(int level) {
    int upper = node[level];
    if (level == height - 1) {
      growAbove(upper);
    }
    int lower = newNode();
    int moved = CAPACITY / 2;
    move(upper << SHIFT, lower << SHIFT, moved);
    counts[lower] = moved;
    move((upper << SHIFT) + moved, upper << SHIFT, CAPACITY - moved);
    counts[upper] = CAPACITY - moved;
    insert(level + 1, keys[(lower << SHIFT) + moved - 1], lower, allFits(lower));
    fits[entry(level + 1) + 1] = allFits(upper);
    if (slot[level] < moved) {
      node[level] = lower;
    } else {
      slot[level] -= moved;
      slot[level + 1]++;
    }
  }

  private void growAbove(int root) {
    checkState(height < MAX_HEIGHT, "the tree is full");
    int made = newNode();
    int first = made << SHIFT;
    keys[first] = ANCHOR;
    values[first] = root;
    fits[first] = allFits(root);
    counts[made] = 1;
    node[height] = made;
    slot[height] = 0;
    height++;
  }

  /** Frees empty nodes on the cursor's path and merges sparse ones. The cursor is lost. */
  private void mergeSparse() {
    for (int level = 0; level < height - 1 && counts[node[level]] < SPARSE; level++) {
      int parent = node[level + 1];
      boolean hasUpper = slot[level + 1] < counts[parent] - 1;
      if (counts[node[level]] == 0) {
        free(node[level]);
        delete(level + 1);
        slot[level + 1] = 0;
        refresh(level + 1);
      } else if (!hasUpper || !mergeUp(level)) {
        break;
      }
    }
    while (height > 1 && counts[node[height - 1]] == 1) {
      int root = node[height - 1];
      height--;
      node[height - 1] = (int) values[root << SHIFT];
      free(root);
    }
  }

  /** Puts what a node has in front of what its upper neighbour has, unless that is too much. */
  private boolean mergeUp(int level) {
    int lower = node[level];
    int upper = (int) values[entry(level + 1) + 1];
    int moved = counts[lower];
    if (moved + counts[upper] > MERGED_AT_MOST) {
      return false;
    }
    move(upper << SHIFT, (upper << SHIFT) + moved, counts[upper]);
    move(lower << SHIFT, upper << SHIFT, moved);
    counts[upper] += moved;
    free(lower);
    delete(level + 1); // the slot is the upper neighbour's now
    node[level] = upper;
    refresh(level);
    return true;
  }

  private void move(int from, int to, int count) {
    System.arraycopy(keys, from, keys, to, count);
    System.arraycopy(values, from, values, to, count);
    System.arraycopy(fits, from, fits, to, count);
  }

  private int newNode() {
    if (firstFree != NONE) {
      int made = firstFree;
      firstFree = counts[made];
      return made;
    }
    if (nodesMade == counts.length) {
      counts = Arrays.copyOf(counts, 2 * nodesMade);
      keys = Arrays.copyOf(keys, counts.length << SHIFT);
      values = Arrays.copyOf(values, counts.length << SHIFT);
      fits = Arrays.copyOf(fits, counts.length << SHIFT);
    }
    return nodesMade++;
  }

  private void free(int gone) {
    counts[gone] = firstFree;
    firstFree = gone;
  }
}
