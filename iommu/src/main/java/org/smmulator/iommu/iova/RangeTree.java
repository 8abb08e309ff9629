package org.smmulator.iommu.iova;

import java.util.Arrays;

/**
 * Disjoint ranges of pfns in order, and the highest hole between them that has room.
 *
 * <p>A B+ tree. Its leaves are here; {@link LeafIndex} is what is above them. A range has with it
 * which {@link HoleSizes} the hole below it has, and the index has them for whole leaves, so that a
 * search for room skips the rest. The kernel's red-black tree has no such index: it visits one
 * range after another.
 *
 * <p>What the tree costs among very many ranges is waiting for memory. So a range is packed into
 * one word, what belongs together lies side by side, and a leaf is a few lines of the CPU's cache.
 *
 * <p>There is always a last range, {@link #ANCHOR}, that nothing removes: every hole has a range
 * above it, and belongs to that range's leaf. Most methods work at a cursor, the range that the
 * last {@link #seek} or {@link #findHole} went to.
 */
final class RangeTree {
  static final long NONE = -1;

  /** Both ends of the last range: pfns are below. */
  static final long ANCHOR = (1L << 53) - 1;

  // A leaf's words: two for each range, from the lowest on.
  //
  //  63             10 9          0
  // +-----------------+------------+
  // |    first pfn    | pages - 1  |   the range
  // +-----------------+------------+
  // |  what the hole below it has  |   SIZES
  // +------------------------------+
  //
  // A range with more pages has LONG there, and is followed in the same leaf by a range of its last
  // pfn alone, with no hole between the two.
  private static final int CELL = 2;
  private static final int SIZES = 1;
  private static final int LENGTH_BITS = 10;
  private static final long LONG = (1 << LENGTH_BITS) - 1;

  private static final int SHIFT = 6;
  private static final int CAPACITY = 1 << SHIFT;

  /** A leaf with fewer words looks for a neighbour to merge with. */
  private static final int SPARSE = CAPACITY / 2;

  /** Merged leaves leave room, lest the next insertion split them again. */
  private static final int MERGED_AT_MOST = CAPACITY - 4 * CELL;

  /** The words of leaf n begin at {@code n << SHIFT}. */
  private long[] words = new long[4 * CAPACITY];

  /** The number of words of a leaf; of a free leaf, the next free one. */
  private int[] counts = new int[4];

  private int leavesMade = 1;
  private int firstFree = (int) NONE;

  private final LeafIndex index = new LeafIndex(range(ANCHOR, 0), 0);

  // The cursor; the index's own is at its leaf.
  private int leaf;
  private int slot;

  RangeTree() {
    words[0] = range(ANCHOR, 0);
    words[SIZES] = HoleSizes.of(0, ANCHOR);
    counts[0] = CELL;
  }

  // ---- looking

  /**
   * Moves to the lowest range that starts at {@code pfn} or above, or to the end of a long one that
   * {@code pfn} is in.
   */
  void seek(long pfn) {
    long first = range(pfn, 0);
    leaf = index.seek(first);
    int bottom = leaf << SHIFT;
    int at = bottom;
    // A binary search without branches to guess: the last range is never below.
    for (int left = counts[leaf] / CELL; left > 1; ) {
      int half = left >>> 1;
      at += words[at + (half - 1) * CELL] < first ? half * CELL : 0;
      left -= half;
    }
    slot = at - bottom;
  }

  /** Moves to the range above the cursor's; the cursor is not at the last. */
  void next() {
    slot += wordsAt(cursor());
    if (slot == counts[leaf]) {
      leaf = index.next();
      slot = 0;
    }
  }

  /** Returns whether the range at the cursor starts at {@code pfn}. */
  boolean startsAt(long pfn) {
    return lo() == pfn && !isEndOfLong();
  }

  /** The first pfn of the range at the cursor. */
  long lo() {
    return first(words[cursor()]);
  }

  /** The last pfn of the range at the cursor. */
  long hi() {
    int at = cursor();
    return isLong(words[at]) ? first(words[at + CELL]) : end(words[at]) - 1;
  }

  /** The first pfn of the hole below the cursor: one above the range there, or 0. */
  long holeStart() {
    return isEndOfLong() ? lo() : endBelow(cursor());
  }

  /**
   * Finds the highest place that fits wholly between {@code low} and before {@code high}, and moves
   * to the range above its hole.
   *
   * @param order the place is a multiple of 2^order
   * @return the first pfn of the place, or {@link #NONE}
   */
  long findHole(long high, long low, long pages, int order) {
    seek(high); // the one hole that high may cut; all below are whole
    long place = (Math.min(high, lo()) - pages) & (-1L << order);
    if (place < low) {
      return NONE;
    }
    if (place >= holeStart()) {
      return place;
    }
    long wanted = HoleSizes.needed(pages, order);
    place = highestBelow(slot, wanted, pages, order);
    while (place == NONE && index.toLower(wanted)) {
      leaf = index.leaf();
      if (first(lastRange(leaf)) < low) {
        return NONE;
      }
      place = highestBelow(counts[leaf], wanted, pages, order);
    }
    return place < low ? NONE : place;
  }

  /** Finds the highest place in holes of the leaf below those of {@code top}, and moves there. */
  private long highestBelow(int top, long wanted, long pages, int order) {
    int bottom = leaf << SHIFT;
    for (int at = bottom + top - CELL; at >= bottom; at -= CELL) {
      if ((words[at + SIZES] & wanted) != 0) {
        long place = (first(words[at]) - pages) & (-1L << order);
        if (place >= endBelow(at)) {
          slot = at - bottom;
          return place;
        }
      }
    }
    return NONE;
  }

  // ---- changing

  /** Inserts a range into the hole below the cursor, and moves to it. */
  void insertBelow(long lo, long hi) {
    int above = cursor();
    long before = words[above + SIZES];
    long sizesAbove = HoleSizes.of(hi + 1, first(words[above]));
    long sizesBelow = HoleSizes.of(holeStart(), lo);
    words[above + SIZES] = sizesAbove;
    if (hi - lo < LONG) {
      insert(range(lo, hi - lo), sizesBelow);
    } else {
      insert(range(hi, 0), 0);
      insert(range(lo, LONG), sizesBelow);
    }
    index.gain(sizesBelow); // which a split in between did not see
    lose(before & ~(sizesBelow | sizesAbove));
  }

  /** Removes the range at the cursor, and moves to the one above it. */
  void remove() {
    int at = cursor();
    long lo = lo();
    long holeStart = holeStart();
    int gone = wordsAt(at);
    counts[leaf] -= gone;
    System.arraycopy(words, at + gone, words, at, counts[leaf] - slot);
    if (slot == counts[leaf] || counts[leaf] < SPARSE) {
      tidy();
      seek(lo);
    }
    long sizes = HoleSizes.of(holeStart, lo());
    words[cursor() + SIZES] = sizes;
    index.gain(sizes);
  }

  /** Has the range at the cursor start lower, within the hole below it. */
  void extendDownTo(long lo) {
    long hi = hi();
    remove();
    insertBelow(lo, hi);
  }

  /** Tells the index of sizes that no hole of the leaf has any more. */
  private void lose(long sizes) {
    long lost = sizes;
    int end = (leaf << SHIFT) + counts[leaf];
    for (int at = leaf << SHIFT; lost != 0 && at < end; at += CELL) {
      lost &= ~words[at + SIZES];
    }
    index.lose(lost);
  }

  /** Opens a place below the cursor's, and moves to it. */
  private void insert(long range, long sizes) {
    if (counts[leaf] == CAPACITY) {
      split();
    }
    int at = cursor();
    System.arraycopy(words, at, words, at + CELL, counts[leaf] - slot);
    words[at] = range;
    words[at + SIZES] = sizes;
    counts[leaf] += CELL;
  }

  /** Moves the lower half of a full leaf into a new one; the cursor stays at its range. */
  private void split() {
    int upper = leaf;
    int lower = newLeaf();
    int from = upper << SHIFT;
    int moved = CAPACITY / 2;
    moved += isLong(words[from + moved - CELL]) ? CELL : 0;
    System.arraycopy(words, from, words, lower << SHIFT, moved);
    System.arraycopy(words, from + moved, words, from, CAPACITY - moved);
    counts[lower] = moved;
    counts[upper] = CAPACITY - moved;
    index.set(lastRange(upper), sizesOf(upper));
    index.insertBelow(lastRange(lower), lower, sizesOf(lower));
    if (slot < moved) {
      leaf = lower;
    } else {
      slot -= moved;
      leaf = index.next();
    }
  }

  /** Sees to a leaf that lost its last range or has become sparse; the cursor is lost. */
  private void tidy() {
    int count = counts[leaf];
    if (count == 0) {
      index.remove();
      free(leaf);
      return;
    }
    long sizes = sizesOf(leaf);
    index.set(lastRange(leaf), sizes);
    int upper = index.upper();
    if (count < SPARSE && upper != NONE && count + counts[upper] <= MERGED_AT_MOST) {
      int to = upper << SHIFT;
      System.arraycopy(words, to, words, to + count, counts[upper]);
      System.arraycopy(words, leaf << SHIFT, words, to, count);
      counts[upper] += count;
      index.remove();
      free(leaf);
      var _ = index.seek(lastRange(upper));
      index.gain(sizes);
    }
  }

  // ---- ranges

  /** One word for the range of {@code lo} and {@code more} pfns above it. */
  static long range(long lo, long more) {
    return lo << LENGTH_BITS | more;
  }

  private static long first(long range) {
    return range >> LENGTH_BITS;
  }

  /** The first pfn above a range that is not long. */
  private static long end(long range) {
    return first(range) + (range & LONG) + 1;
  }

  private static boolean isLong(long range) {
    return (range & LONG) == LONG;
  }

  private boolean isEndOfLong() {
    return slot > 0 && isLong(words[cursor() - CELL]);
  }

  private int wordsAt(int at) {
    return isLong(words[at]) ? 2 * CELL : CELL;
  }

  // ---- leaves

  private int cursor() {
    return (leaf << SHIFT) + slot;
  }

  /** The end of the range below the one at {@code at}, in its leaf or the one below. */
  private long endBelow(int at) {
    boolean isFirst = (at & (CAPACITY - 1)) == 0;
    return end(isFirst ? index.keyBelow() : words[at - CELL]);
  }

  private long lastRange(int of) {
    return words[(of << SHIFT) + counts[of] - CELL];
  }

  private long sizesOf(int of) {
    long all = 0;
    int end = (of << SHIFT) + counts[of];
    for (int at = of << SHIFT; at < end; at += CELL) {
      all |= words[at + SIZES];
    }
    return all;
  }

  private int newLeaf() {
    if (firstFree != NONE) {
      int made = firstFree;
      firstFree = counts[made];
      return made;
    }
    if (leavesMade == counts.length) {
      counts = Arrays.copyOf(counts, 2 * leavesMade);
      words = Arrays.copyOf(words, counts.length << SHIFT);
    }
    return leavesMade++;
  }

  private void free(int gone) {
    counts[gone] = firstFree;
    firstFree = gone;
  }
}
