package org.smmulator.hw.vmsa;

/**
 * Four-way sets in one array, shared by all address spaces: the leaves of a {@link Tlb}, or its
 * pointers to tables.
 *
 * <p>An entry is matched by its address and by the tag of its {@link Space}, and covers what its
 * value's shift says. A lookup tries each size that the space ever filled, the smallest first.
 */
// A set is four entries, column by column, so that a lookup that misses reads four longs side by
// side: [address and size] x 4, [tag] x 4, [value] x 4, [index of the space] x 4. Tags count up
// from 1 in 64 bits and never come round; a zeroed entry has tag 0, which no space has. The ways
// are spelled out instead of looped over: lookups and fills are all that a miss costs beside its
// walk.
final class TaggedCache {
  private static final int WAYS = 4;
  private static final int TAG = WAYS;
  private static final int VALUE = 2 * WAYS;
  private static final int OWNER = 3 * WAYS;
  private static final int SET = 4 * WAYS;
  private static final int SHIFT_MASK = 0x3f;
  private static final int FIRST_ENTRIES_IF_UNBOUNDED = 1024;

  private final Tlb tlb;
  private final boolean unbounded;
  private long[] entries;
  private int hashShift;
  private int victim;

  /** Makes an empty cache of {@code tlb}'s, which is told of evictions. */
  TaggedCache(int capacity, Tlb tlb) {
    this.tlb = tlb;
    unbounded = capacity == Tlb.UNBOUNDED;
    entries = allocate(unbounded ? FIRST_ENTRIES_IF_UNBOUNDED : capacity);
  }

  /**
   * Finds the entry for {@code address} under {@code tag}.
   *
   * @param sizes the shifts of the sizes to try, as a bit mask
   * @return its value, or {@link Leaf#MISS}
   */
  long find(long address, long tag, long sizes) {
    int at = locate(address, tag, sizes);
    return at < 0 ? Leaf.MISS : entries[at + VALUE];
  }

  /** Adds an entry that is not there. */
  void fill(long address, Space owner, long value) {
    long key = key(address, Leaf.shift(value));
    int at = freeWay(key, owner.tag);
    while (at < 0) {
      grow();
      at = freeWay(key, owner.tag);
    }
    put(at, key, owner.tag, value, owner.index);
  }

  /**
   * Invalidates the entries of {@code owner} that cover any of {@code first} to {@code last}.
   *
   * @param sizes the shifts of the sizes of entries to try, as a bit mask
   * @param written the shifts of the sizes of descriptors whose entries are meant, likewise
   */
  void invalidate(Space owner, long sizes, long written, long first, long last) {
    for (long left = sizes; left != 0; left &= left - 1) {
      int shift = Long.numberOfTrailingZeros(left);
      long from = first >> shift;
      long to = last >> shift;
      if (to - from < entries.length / (SET / WAYS)) {
        for (long page = from; page <= to; page++) {
          invalidatePage(page << shift, owner, 1L << shift, written);
        }
      } else {
        invalidateMany(from, to, shift, owner, written);
      }
    }
  }

  private void invalidatePage(long address, Space owner, long size, long written) {
    int at = locate(address, owner.tag, size);
    if (at >= 0 && isWritten(at, written)) {
      drop(at, owner);
    }
  }

  /** As {@link #invalidatePage} of each page, where looking at every entry is less work. */
  private void invalidateMany(long firstPage, long lastPage, int shift, Space owner, long written) {
    for (int entry = 0; entry < entries.length / SET * WAYS; entry++) {
      int at = at(entry);
      long page = entries[at] >> 6;
      if (entries[at + TAG] == owner.tag
          && (entries[at] & SHIFT_MASK) == shift
          && page >= firstPage
          && page <= lastPage
          && isWritten(at, written)) {
        drop(at, owner);
      }
    }
  }

  private void drop(int at, Space owner) {
    entries[at + TAG] = 0;
    int shift = (int) entries[at] & SHIFT_MASK;
    tlb.dropped(this, owner, entries[at] >> 6 << shift, shift);
  }

  private boolean isWritten(int at, long sizes) {
    return (sizes >>> Leaf.writtenShift(entries[at + VALUE]) & 1) != 0;
  }

  private int locate(long address, long tag, long sizes) {
    long[] table = entries;
    for (long left = sizes; left != 0; left &= left - 1) {
      long key = key(address, Long.numberOfTrailingZeros(left));
      int set = set(key, tag);
      if (table[set] == key && table[set + TAG] == tag) {
        return set;
      }
      if (table[set + 1] == key && table[set + 1 + TAG] == tag) {
        return set + 1;
      }
      if (table[set + 2] == key && table[set + 2 + TAG] == tag) {
        return set + 2;
      }
      if (table[set + 3] == key && table[set + 3 + TAG] == tag) {
        return set + 3;
      }
    }
    return -1;
  }

  /** A way of the set that may be overwritten, a dead one first. Negative: the table must grow. */
  private int freeWay(long key, long tag) {
    long[] table = entries;
    int set = set(key, tag);
    int dead = deadWay(table, set, tag);
    if (dead >= 0 || unbounded) {
      return dead;
    }
    victim = (victim + 1) & (WAYS - 1);
    int at = set + victim;
    int shift = (int) table[at] & SHIFT_MASK;
    tlb.evicted(this, (int) table[at + OWNER], table[at] >> 6 << shift, shift);
    return at;
  }

  /** The tag that is being filled is current; only others have to be asked for. */
  private int deadWay(long[] table, int set, long tag) {
    if (table[set + TAG] != tag && !isLive(table, set)) {
      return set;
    }
    if (table[set + 1 + TAG] != tag && !isLive(table, set + 1)) {
      return set + 1;
    }
    if (table[set + 2 + TAG] != tag && !isLive(table, set + 2)) {
      return set + 2;
    }
    if (table[set + 3 + TAG] != tag && !isLive(table, set + 3)) {
      return set + 3;
    }
    return -1;
  }

  private boolean isLive(long[] table, int at) {
    long tag = table[at + TAG];
    return tag != 0 && tlb.space((int) table[at + OWNER]).tag == tag;
  }

  private void grow() {
    long[] old = entries;
    entries = allocate(old.length / SET * WAYS * 2);
    for (int entry = 0; entry < old.length / SET * WAYS; entry++) {
      int at = at(entry);
      if (isLive(old, at)) {
        int to = freeWay(old[at], old[at + TAG]);
        if (to < 0) {
          // Still four in one set: start again from twice as much. Each doubling splits every set.
          entries = allocate(entries.length / SET * WAYS * 2);
          entry = -1;
          continue;
        }
        put(to, old[at], old[at + TAG], old[at + VALUE], old[at + OWNER]);
      }
    }
  }

  private void put(int at, long key, long tag, long value, long owner) {
    entries[at] = key;
    entries[at + TAG] = tag;
    entries[at + VALUE] = value;
    entries[at + OWNER] = owner;
  }

  private long[] allocate(int count) {
    hashShift = Long.SIZE - Integer.numberOfTrailingZeros(count / WAYS);
    return new long[count / WAYS * SET];
  }

  private static int at(int entry) {
    return entry / WAYS * SET + entry % WAYS;
  }

  private static long key(long address, int shift) {
    return address >> shift << 6 | shift;
  }

  private int set(long key, long tag) {
    long hash = (key ^ tag * 0xc2b2_ae3d_27d4_eb4fL) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (hash >>> hashShift) * SET;
  }
}
