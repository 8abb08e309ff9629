package org.smmulator.hw.vmsa;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A TLB: four-way sets in one array, shared by all address spaces.
 *
 * <p>An entry is matched by its address and by the tag of its {@link Space}. Forgetting a whole
 * space gives it a new tag, so that costs the same whether it had one entry or thousands.
 *
 * <p>An entry covers what its leaf covers; a lookup tries each size that the space ever filled, the
 * smallest first. Nothing is found but what was filled and not invalidated, and what was filled
 * stays until it is invalidated or evicted, whatever becomes of the tables.
 *
 * <p>Beside it is the walk cache: pointers to tables that walks have met. An invalidation of leaves
 * leaves it alone, and then a walk goes on through a table that may no longer be there.
 */
// An entry is four longs: [address and size][tag][leaf][index of the space]. Tags count up from 1
// in 64 bits and never come round; a zeroed entry has tag 0, which nobody looks for.
public final class Tlb {
  /** A capacity: the TLB forgets nothing that it was not told to forget. */
  public static final int UNBOUNDED = 0;

  /** A capacity of the walk cache: there is none, and every walk starts at the root. */
  public static final int NONE = -1;

  private static final int WAYS = 4;
  private static final int ENTRY = 4;
  private static final int TAG = 1;
  private static final int LEAF = 2;
  private static final int OWNER = 3;
  private static final int SET = WAYS * ENTRY;
  private static final int FIRST_ENTRIES_IF_UNBOUNDED = 1024;

  private final @Nullable Tlb walks;
  private final boolean unbounded;
  private Space[] spaces = new Space[16];
  private int spaceCount;
  private long lastTag;
  private long[] entries;
  private int hashShift;
  private int victim;

  /**
   * Makes an empty TLB.
   *
   * @param capacity a power of two, at least 8; or {@link #UNBOUNDED}
   * @param walkCapacity how many pointers to tables the walk cache holds: as {@code capacity}, or
   *     {@link #NONE}
   */
  public Tlb(int capacity, int walkCapacity) {
    this(capacity, walkCapacity == NONE ? null : new Tlb(walkCapacity, null));
  }

  private Tlb(int capacity, @Nullable Tlb walks) {
    this.walks = walks;
    checkArgument(isCapacity(capacity), "%s TLB entries", capacity);
    unbounded = capacity == UNBOUNDED;
    entries = allocate(unbounded ? FIRST_ENTRIES_IF_UNBOUNDED : capacity);
  }

  /** Whether a TLB can have {@code capacity} entries. */
  public static boolean isCapacity(int capacity) {
    return capacity == UNBOUNDED || (capacity >= 8 && Integer.bitCount(capacity) == 1);
  }

  /** Makes an address space, of which nothing is known yet. */
  public Space newSpace() {
    if (spaceCount == spaces.length) {
      spaces = Arrays.copyOf(spaces, 2 * spaceCount);
    }
    Space space = new Space(spaceCount, ++lastTag, walks == null ? null : walks.newSpace());
    spaces[spaceCount++] = space;
    return space;
  }

  /** The leaf for {@code address}, or {@link Leaf#MISS}. */
  public long find(Space space, long address) {
    int at = locate(address, space.tag, space.sizes);
    return at < 0 ? Leaf.MISS : entries[at + LEAF];
  }

  /** Remembers {@code leaf} for {@code address}. */
  public void fill(Space space, long address, long leaf) {
    int shift = Leaf.shift(leaf);
    space.sizes |= 1L << shift;
    long key = key(address, shift);
    int at = ownWay(key, space.tag);
    while (at < 0) {
      grow();
      at = ownWay(key, space.tag);
    }
    put(at, key, space.tag, leaf, space.index);
  }

  /** The pointer to the lowest table on the way to {@code address}, or {@link Leaf#MISS}. */
  long findTable(Space space, long address) {
    return walks == null || space.walks == null ? Leaf.MISS : walks.find(space.walks, address);
  }

  /** Remembers a table on the way to {@code address}. */
  void fillTable(Space space, long address, long table) {
    if (walks != null && space.walks != null) {
      walks.fill(space.walks, address, table);
    }
  }

  /** Forgets every pointer to a table on the way to any of {@code first} to {@code last}. */
  public void dropTables(Space space, long first, long last) {
    if (walks != null && space.walks != null) {
      walks.dropRange(space.walks, first, last, Long.SIZE - 1);
    }
  }

  /**
   * Forgets every leaf that covers any of {@code first} to {@code last}, both included, and is not
   * larger than {@code 1 << largestShift} bytes.
   */
  public void dropRange(Space space, long first, long last, int largestShift) {
    for (long left = space.sizes; left != 0; left &= left - 1) {
      int shift = Long.numberOfTrailingZeros(left);
      if (shift > largestShift) {
        return;
      }
      long from = first >> shift;
      long to = last >> shift;
      if (to - from < entries.length / ENTRY) {
        for (long page = from; page <= to; page++) {
          dropPage(space, page << shift, 1L << shift);
        }
      } else {
        dropMany(space, from, to, shift);
      }
    }
  }

  /** Forgets everything of {@code space}. */
  public void forget(Space space) {
    if (walks != null && space.walks != null) {
      walks.forget(space.walks);
    }
    space.tag = ++lastTag;
    space.sizes = 0;
  }

  private void dropPage(Space space, long address, long size) {
    int at = locate(address, space.tag, size);
    if (at >= 0) {
      entries[at + TAG] = 0;
    }
  }

  /** As {@link #dropPage} of each page, where looking at every entry is less work. */
  private void dropMany(Space space, long firstPage, long lastPage, int shift) {
    for (int at = 0; at < entries.length; at += ENTRY) {
      long key = entries[at];
      long page = key >> 6;
      if (entries[at + TAG] == space.tag
          && (key & 0x3f) == shift
          && page >= firstPage
          && page <= lastPage) {
        entries[at + TAG] = 0;
      }
    }
  }

  private int locate(long address, long tag, long sizes) {
    long[] table = entries;
    for (long left = sizes; left != 0; left &= left - 1) {
      long key = key(address, Long.numberOfTrailingZeros(left));
      int set = set(key, tag);
      for (int at = set; at < set + SET; at += ENTRY) {
        if (table[at] == key && table[at + TAG] == tag) {
          return at;
        }
      }
    }
    return -1;
  }

  /** The way that already holds {@code key}, else one that may be overwritten. */
  private int ownWay(long key, long tag) {
    int set = set(key, tag);
    for (int at = set; at < set + SET; at += ENTRY) {
      if (entries[at] == key && entries[at + TAG] == tag) {
        return at;
      }
    }
    return freeWay(key, tag);
  }

  /** A way of the set that may be overwritten: a dead one first. Negative: the table must grow. */
  private int freeWay(long key, long tag) {
    int set = set(key, tag);
    for (int at = set; at < set + SET; at += ENTRY) {
      if (!isLive(entries, at)) {
        return at;
      }
    }
    if (unbounded) {
      return -1;
    }
    victim = (victim + 1) & (WAYS - 1);
    return set + victim * ENTRY;
  }

  private boolean isLive(long[] table, int at) {
    long tag = table[at + TAG];
    return tag != 0 && spaces[(int) table[at + OWNER]].tag == tag;
  }

  private void grow() {
    long[] old = entries;
    entries = allocate(old.length / ENTRY * 2);
    for (int at = 0; at < old.length; at += ENTRY) {
      if (isLive(old, at)) {
        int to = freeWay(old[at], old[at + TAG]);
        if (to < 0) {
          // Still four in one set: start again from twice as much. Each doubling splits every set.
          entries = allocate(entries.length / ENTRY * 2);
          at = -ENTRY;
          continue;
        }
        put(to, old[at], old[at + TAG], old[at + LEAF], (int) old[at + OWNER]);
      }
    }
  }

  private void put(int at, long key, long tag, long leaf, int owner) {
    entries[at] = key;
    entries[at + TAG] = tag;
    entries[at + LEAF] = leaf;
    entries[at + OWNER] = owner;
  }

  private long[] allocate(int count) {
    hashShift = Long.SIZE - Integer.numberOfTrailingZeros(count / WAYS);
    return new long[count * ENTRY];
  }

  private static long key(long address, int shift) {
    return address >> shift << 6 | shift;
  }

  private int set(long key, long tag) {
    long hash = (key ^ tag * 0xc2b2_ae3d_27d4_eb4fL) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (hash >>> hashShift) * SET;
  }
}
