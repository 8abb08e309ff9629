package org.smmulator.iommu.iova;

import static com.google.common.base.Preconditions.checkState;

import java.util.Arrays;

/**
 * The leaves of a {@link RangeTree} in order, and which sizes their holes have.
 *
 * <p>The inner nodes of a B+ tree in three flat arrays. An entry of a lowest node is a leaf, one of
 * a node above is a child; it answers for all in it.
 *
 * <p>Most methods work at a cursor, the leaf that the last {@link #seek} or {@link #toLower} went
 * to.
 */
final class LeafIndex {
  private static final int NONE = -1;

  /** A key below all others, whose range ends before pfn 0. */
  private static final long BELOW_ALL = RangeTree.range(-1, 0);

  private static final int SHIFT = 6;
  private static final int CAPACITY = 1 << SHIFT;

  /** A node with fewer entries looks for a neighbour to merge with. */
  private static final int SPARSE = CAPACITY / 4;

  /** Merged nodes leave room, lest the next insertion split them again. */
  private static final int MERGED_AT_MOST = 3 * CAPACITY / 4;

  private static final int MAX_HEIGHT = 12;

  // Entry i of node n is at n << SHIFT | i.

  /** The last range in it. */
  private long[] keys = new long[4 * CAPACITY];

  /** The child's number. */
  private int[] children = new int[4 * CAPACITY];

  /** {@link HoleSizes} of all holes in it. */
  private long[] sizes = new long[4 * CAPACITY];

  /** The number of entries of a node; of a free node, the next free one. */
  private int[] counts = new int[4];

  private int nodesMade = 1;
  private int firstFree = NONE;

  /** The lowest nodes are level 0, the root is level {@code height - 1}. */
  private int height = 1;

  // The cursor: at each level a node, and the entry in it that leads on.
  private final int[] node = new int[MAX_HEIGHT];
  private final int[] slot = new int[MAX_HEIGHT];

  /** Makes an index of one leaf, which is the last for ever and has all sizes. */
  LeafIndex(long key, int leaf) {
    keys[0] = key;
    children[0] = leaf;
    sizes[0] = -1;
    counts[0] = 1;
  }

  // ---- looking

  /** Moves to the lowest leaf whose key is at least {@code key}, and returns it. */
  int seek(long key) {
    int at = node[height - 1];
    for (int level = height - 1; level >= 0; level--) {
      node[level] = at;
      int found = firstNotBelow(at, key);
      slot[level] = found - (at << SHIFT);
      at = children[found];
    }
    return at;
  }

  /** A binary search without branches to guess: the last entry of a node is never below. */
  private int firstNotBelow(int of, long key) {
    int from = of << SHIFT;
    for (int left = counts[of]; left > 1; ) {
      int half = left >>> 1;
      from += keys[from + half - 1] < key ? half : 0;
      left -= half;
    }
    return from;
  }

  /** The leaf at the cursor. */
  int leaf() {
    return children[entry(0)];
  }

  /** Moves to the leaf above, and returns it; the cursor is not at the last. */
  int next() {
    int level = 0;
    while (slot[level] == counts[node[level]] - 1) {
      level++;
    }
    slot[level]++;
    while (--level >= 0) {
      node[level] = children[entry(level + 1)];
      slot[level] = 0;
    }
    return leaf();
  }

  /** The leaf above the cursor's if it is in the same node, or -1. */
  int upper() {
    return slot[0] < counts[node[0]] - 1 ? children[entry(0) + 1] : NONE;
  }

  /**
   * The last range of the leaf below the cursor's; if there is none, one that ends before pfn 0.
   */
  long keyBelow() {
    for (int level = 0; level < height; level++) {
      if (slot[level] > 0) {
        return keys[entry(level) - 1]; // a parent's key is its last child's
      }
    }
    return BELOW_ALL;
  }

  /** Moves to the next lower leaf that has one of {@code wanted}, if there is one. */
  boolean toLower(long wanted) {
    for (int level = 0; level < height; level++) {
      int found = highestWith(wanted, node[level] << SHIFT, slot[level]);
      if (found == NONE) {
        continue;
      }
      slot[level] = found - (node[level] << SHIFT);
      while (--level >= 0) {
        int child = children[found];
        node[level] = child;
        found = highestWith(wanted, child << SHIFT, counts[child]);
        slot[level] = found - (child << SHIFT);
      }
      return true;
    }
    return false;
  }

  private int highestWith(long wanted, int first, int count) {
    for (int i = first + count - 1; i >= first; i--) {
      if ((sizes[i] & wanted) != 0) {
        return i;
      }
    }
    return NONE;
  }

  private int entry(int level) {
    return (node[level] << SHIFT) + slot[level];
  }

  // ---- changing

  /** The leaf at the cursor has these sizes too. */
  void gain(long gained) {
    for (int level = 0; level < height; level++) {
      int at = entry(level);
      if ((gained & ~sizes[at]) == 0) {
        return;
      }
      sizes[at] |= gained;
    }
  }

  /** The leaf at the cursor has none of these sizes any more. */
  void lose(long gone) {
    long lost = gone;
    for (int level = 0; lost != 0 && level < height; level++) {
      sizes[entry(level)] &= ~lost;
      int end = (node[level] << SHIFT) + counts[node[level]];
      for (int i = node[level] << SHIFT; lost != 0 && i < end; i++) {
        lost &= ~sizes[i];
      }
    }
  }

  /** The leaf at the cursor ends with {@code key} and has just these sizes. */
  void set(long key, long known) {
    keys[entry(0)] = key;
    sizes[entry(0)] = known;
    refresh(0);
  }

  /** Puts a leaf below the one at the cursor, and moves to it. */
  void insertBelow(long key, int leaf, long has) {
    insert(0, key, leaf, 0);
    gain(has);
  }

  /** Takes the leaf at the cursor out; the cursor is lost. */
  void remove() {
    delete(0);
    for (int level = 0; level < height - 1; level++) {
      refresh(level);
      if (counts[node[level]] == 0) {
        free(node[level]);
        delete(level + 1);
      } else if (counts[node[level]] >= SPARSE || !mergeUp(level)) {
        break;
      }
    }
    while (height > 1 && counts[node[height - 1]] == 1) {
      int root = node[height - 1];
      height--;
      node[height - 1] = children[root << SHIFT];
      free(root);
    }
  }

  /** Has the parents of the cursor's node say again what is in it, as far up as that changes. */
  private void refresh(int from) {
    for (int level = from; level < height - 1 && counts[node[level]] > 0; level++) {
      int parent = entry(level + 1);
      long key = keys[(node[level] << SHIFT) + counts[node[level]] - 1];
      long all = allSizes(node[level]);
      if (keys[parent] == key && sizes[parent] == all) {
        return;
      }
      keys[parent] = key;
      sizes[parent] = all;
    }
  }

  private long allSizes(int of) {
    long all = 0;
    int first = of << SHIFT;
    int end = first + counts[of];
    for (int i = first; i < end; i++) {
      all |= sizes[i];
    }
    return all;
  }

  /** Opens an entry before the cursor's, and moves to it. */
  private void insert(int level, long key, int child, long has) {
    if (counts[node[level]] == CAPACITY) {
      split(level);
    }
    int at = entry(level);
    int end = (node[level] << SHIFT) + counts[node[level]]++;
    move(at, at + 1, end - at);
    keys[at] = key;
    children[at] = child;
    sizes[at] = has;
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
    insert(level + 1, keys[(lower << SHIFT) + moved - 1], lower, allSizes(lower));
    sizes[entry(level + 1) + 1] = allSizes(upper);
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
    keys[first] = keys[(root << SHIFT) + counts[root] - 1];
    children[first] = root;
    sizes[first] = allSizes(root);
    counts[made] = 1;
    node[height] = made;
    slot[height] = 0;
    height++;
  }

  /** Puts what a node has in front of what its upper neighbour has, unless that is too much. */
  private boolean mergeUp(int level) {
    int lower = node[level];
    if (slot[level + 1] == counts[node[level + 1]] - 1) {
      return false;
    }
    int upper = children[entry(level + 1) + 1];
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
    System.arraycopy(children, from, children, to, count);
    System.arraycopy(sizes, from, sizes, to, count);
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
      children = Arrays.copyOf(children, counts.length << SHIFT);
      sizes = Arrays.copyOf(sizes, counts.length << SHIFT);
    }
    return nodesMade++;
  }

  private void free(int gone) {
    counts[gone] = firstFree;
    firstFree = gone;
  }
}
