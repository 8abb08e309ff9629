package org.smmulator.hw.smmuv2;

import java.util.Arrays;

/**
 * A cache of translations: four-way sets in one array, shared by all context banks. One holds
 * leaves, the TLB proper; another may hold the pointers to tables that walks met.
 *
 * <p>An entry is matched by its address and by a tag. A tag stands for one ASID of one bank until
 * that is invalidated: then the ASID gets a new tag, and what the old one marked is never found
 * again. So "forget all of ASID 5 in bank 0" costs the same whether it had one entry or thousands.
 *
 * <p>An entry covers what its leaf covers; a lookup tries each size that the bank ever filled, the
 * smallest first. Nothing is found but what was filled and not invalidated, and what was filled
 * stays until it is invalidated or evicted, whatever becomes of the tables.
 */
// A set is four entries, column by column, so that a lookup that misses reads four longs side by
// side: [address and size] x 4, [tag] x 4, [leaf] x 4, [who the tag belongs to] x 4. Tags count up
// from 1 in 64 bits and never come round; a zeroed entry has tag 0, which nobody looks for. The
// ways are spelled out instead of looped over: lookups and fills are all that a miss costs beside
// its walk.
public final class Tlb {
  /** Nothing found. No leaf is zero, because a leaf has a size. */
  public static final long MISS = 0;

  private static final int WAYS = 4;
  private static final int TAG = WAYS;
  private static final int LEAF = 2 * WAYS;
  private static final int OWNER = 3 * WAYS;
  private static final int SET = 4 * WAYS;
  private static final int SHIFT_MASK = 0x3f;
  private static final int FIRST_ENTRIES_IF_UNBOUNDED = 1024;

  private final AsidTags[] tags;
  private final Front[] fronts;
  private final boolean unbounded;
  private long[] entries;
  private int hashShift;
  private int victim;

  /**
   * Makes an empty cache.
   *
   * @param tags of each bank: the way to invalidate more than an address
   */
  Tlb(int capacity, AsidTags[] tags) {
    this.tags = tags;
    unbounded = capacity == SmmuV2Config.Tlb.UNBOUNDED;
    fronts = new Front[tags.length];
    Arrays.setAll(fronts, bank -> new Front());
    entries = allocate(unbounded ? FIRST_ENTRIES_IF_UNBOUNDED : capacity);
  }

  /** What {@code bank} found last; this keeps out of it what is evicted here. */
  Front front(int bank) {
    return fronts[bank];
  }

  /**
   * Finds the entry for {@code iova} under {@code tag}.
   *
   * @param sizes the shifts of the sizes to try, as a bit mask
   * @return the leaf, or {@link #MISS}
   */
  long find(long iova, long tag, long sizes) {
    int at = locate(iova, tag, sizes);
    return at < 0 ? MISS : entries[at + LEAF];
  }

  /** Forgets every entry for {@code iova} under {@code tag}, of any of {@code sizes}. */
  void drop(long iova, long tag, long sizes) {
    for (int at = locate(iova, tag, sizes); at >= 0; at = locate(iova, tag, sizes)) {
      entries[at + TAG] = 0;
    }
  }

  /** Remembers {@code leaf} for {@code iova}; {@code owner} is what {@code tag} belongs to. */
  void fill(long iova, long tag, long owner, long leaf) {
    long key = key(iova, Leaf.shift(leaf));
    int at = freeWay(key, tag);
    while (at < 0) {
      grow();
      at = freeWay(key, tag);
    }
    put(at, key, tag, leaf, owner);
  }

  private int locate(long iova, long tag, long sizes) {
    long[] table = entries;
    for (long left = sizes; left != 0; left &= left - 1) {
      long key = key(iova, Long.numberOfTrailingZeros(left));
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

  /**
   * A way of the set that may be overwritten: a dead one first. Negative if the table must grow.
   */
  private int freeWay(long key, long tag) {
    long[] table = entries;
    int set = set(key, tag);
    int dead = deadWay(table, set, tag);
    if (dead >= 0 || unbounded) {
      return dead;
    }
    victim = (victim + 1) & (WAYS - 1);
    int at = set + victim;
    int shift = (int) entries[at] & SHIFT_MASK;
    fronts[AsidTags.bankOf(entries[at + OWNER])].forget(entries[at] >> 6 << shift, shift);
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
    long owner = table[at + OWNER];
    return tag != 0 && tags[AsidTags.bankOf(owner)].isCurrent(owner, tag);
  }

  private void grow() {
    long[] old = entries;
    entries = allocate(old.length / SET * WAYS * 2);
    for (int entry = 0; entry < old.length / SET * WAYS; entry++) {
      int at = entry / WAYS * SET + entry % WAYS;
      if (isLive(old, at)) {
        int to = freeWay(old[at], old[at + TAG]);
        if (to < 0) {
          // Still four in one set: start again from twice as much. Each doubling splits every set.
          entries = allocate(entries.length / SET * WAYS * 2);
          entry = -1;
          continue;
        }
        put(to, old[at], old[at + TAG], old[at + LEAF], old[at + OWNER]);
      }
    }
  }

  private void put(int at, long key, long tag, long leaf, long owner) {
    entries[at] = key;
    entries[at + TAG] = tag;
    entries[at + LEAF] = leaf;
    entries[at + OWNER] = owner;
  }

  private long[] allocate(int count) {
    hashShift = Long.SIZE - Integer.numberOfTrailingZeros(count / WAYS);
    return new long[count / WAYS * SET];
  }

  private static long key(long iova, int shift) {
    return iova >> shift << 6 | shift;
  }

  private int set(long key, long tag) {
    long hash = (key ^ tag * 0xc2b2_ae3d_27d4_eb4fL) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (hash >>> hashShift) * SET;
  }
}
