package org.smmulator.hw.vmsa;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.TlbWatch;

/**
 * A TLB that all address spaces share: leaves, pointers to the tables that walks met (the walk
 * cache), and a micro-TLB in front.
 *
 * <p>An entry belongs to a {@link Space}, and is marked with the space's tag. Invalidating a whole
 * space gives it a new tag, so that costs the same whether it had one entry or thousands.
 *
 * <p>A lookup finds exactly what was filled and not invalidated; an entry stays until it is
 * invalidated or evicted, whatever becomes of the tables. An invalidation of leaves keeps the
 * pointers to tables, and then a walk goes on through a table that may no longer be there.
 *
 * <p>Only new spaces and the growth of a TLB without bounds allocate.
 */
public final class Tlb {
  /** A capacity: entries are never evicted. */
  public static final int UNBOUNDED = 0;

  /** A capacity of the walk cache: there is none, and every walk starts at the root. */
  public static final int NONE = -1;

  /** In a mask of shifts: entries of any size. */
  public static final long ANY_SIZE = -1;

  /** In a mask of shifts: no entries. */
  public static final long NO_SIZE = 0;

  private final TaggedCache leaves;
  private final @Nullable TaggedCache tables;
  private final MicroTlb micro = new MicroTlb();
  private Space[] spaces = new Space[16];
  private int spaceCount;
  private long lastTag;
  private long fills;
  private @Nullable TlbWatch watch;

  /**
   * Makes an empty TLB.
   *
   * @param capacity a power of two, at least 8; or {@link #UNBOUNDED}
   * @param walkCapacity how many pointers to tables the walk cache holds: as {@code capacity}, or
   *     {@link #NONE}
   */
  public Tlb(int capacity, int walkCapacity) {
    checkArgument(isCapacity(capacity), "%s TLB entries", capacity);
    leaves = new TaggedCache(capacity, this);
    tables = walkCapacity == NONE ? null : new TaggedCache(walkCapacity, this);
  }

  /** True if a TLB can have {@code capacity} entries. */
  public static boolean isCapacity(int capacity) {
    return capacity == UNBOUNDED || (capacity >= 8 && Integer.bitCount(capacity) == 1);
  }

  /** True if a walk cache can have {@code capacity} entries. */
  public static boolean isWalkCapacity(int capacity) {
    return capacity == NONE || isCapacity(capacity);
  }

  /** Tells {@code debugger} from now on what leaves are added and lost. */
  public void watch(TlbWatch debugger) {
    watch = debugger;
  }

  /**
   * Makes an empty address space.
   *
   * @param global the space of its entries that hold under every ASID; null: the new one
   */
  public Space newSpace(@Nullable Space global) {
    if (spaceCount == spaces.length) {
      spaces = Arrays.copyOf(spaces, 2 * spaceCount);
    }
    Space space = new Space(spaceCount, global, micro.slots);
    spaces[spaceCount++] = space;
    space.tag = ++lastTag;
    renewEpoch(space);
    return space;
  }

  /**
   * The 4 KiB page of {@code address} as a leaf, for {@link Leaf#paInPage}, if it was used lately;
   * else {@link Leaf#MISS}, and {@link #find} may know better.
   */
  public long findPage(Space space, long address) {
    return MicroTlb.find(space.microTlb, space.epoch, address);
  }

  /** The leaf for {@code address}, or {@link Leaf#MISS}. */
  public long find(Space space, long address) {
    long leaf = leaves.find(address, space.tag, space.sizes);
    if (leaf != Leaf.MISS) {
      micro.put(space.epoch, address, leaf);
      return leaf;
    }
    Space global = space.global;
    return global == null ? Leaf.MISS : leaves.find(address, global.tag, global.sizes);
  }

  /** Adds {@code leaf}, which a walk of {@code tables} made for an address that was not found. */
  public void fill(Space space, long address, long leaf, Tables tables) {
    fills++;
    Space global = space.global;
    Space owner = global != null && Leaf.isGlobal(leaf) ? global : space;
    if (watch != null) {
      watch.filled(owner.index, tables.root, address, Leaf.pa(leaf, address), Leaf.shift(leaf));
    }
    owner.sizes |= 1L << Leaf.shift(leaf);
    leaves.fill(address, owner, leaf);
    if (owner.index == space.index) {
      micro.put(space.epoch, address, leaf);
    }
  }

  /** How many leaves were added. */
  public long fills() {
    return fills;
  }

  /** Adds {@code leaf} in place of {@code old}, which {@link #find} found. */
  public void replace(Space space, long address, long old, long leaf, Tables tables) {
    Space owner = space.global != null && Leaf.isGlobal(old) ? space.global : space;
    leaves.invalidate(owner, 1L << Leaf.shift(old), ANY_SIZE, address, address);
    renewEpoch(owner);
    fill(space, address, leaf, tables);
  }

  /** The pointer to the lowest table on the way to {@code address}, or {@link Leaf#MISS}. */
  long findTable(Space space, long address) {
    return tables == null ? Leaf.MISS : tables.find(address, space.tag, space.tableSizes);
  }

  /** Adds a pointer to a table on the way to {@code address}. */
  void fillTable(Space space, long address, long table) {
    if (tables != null) {
      space.tableSizes |= 1L << Leaf.shift(table);
      tables.fill(address, space, table);
    }
  }

  /** Invalidates everything of {@code space} but what is kept in its global space. */
  public void invalidate(Space space) {
    if (watch != null && space.sizes != 0) {
      watch.emptied(space.index);
    }
    space.tag = ++lastTag;
    space.sizes = 0;
    space.tableSizes = 0;
    renewEpoch(space);
  }

  /**
   * Invalidates what covers any of {@code first} to {@code last}, both included, and has one of the
   * sizes that are meant; entries of other sizes stay, as stale as they may be.
   *
   * @param leafSizes which leaves: the shifts of the sizes of their descriptors, as a mask
   * @param tableSizes which pointers to tables: the same of the entries that point to these
   */
  public void invalidate(Space space, long first, long last, long leafSizes, long tableSizes) {
    leaves.invalidate(space, space.sizes, leafSizes, first, last);
    if (tables != null) {
      tables.invalidate(space, space.tableSizes, tableSizes, first, last);
    }
    renewEpoch(space);
  }

  Space space(int index) {
    return spaces[index];
  }

  /** Called when {@code cache} invalidates an entry. */
  void dropped(TaggedCache cache, Space owner, long address, int shift) {
    if (watch != null && cache == leaves) {
      watch.dropped(owner.index, address, shift);
    }
  }

  /** Called when {@code cache} overwrites a live entry. */
  void evicted(TaggedCache cache, int owner, long address, int shift) {
    if (cache != leaves) {
      return;
    }
    if (watch != null) {
      watch.dropped(owner, address, shift);
    }
    Space space = spaces[owner];
    if (shift == MicroTlb.PAGE_SHIFT) {
      micro.invalidatePage(space.epoch, address);
    } else {
      renewEpoch(space);
    }
  }

  /** Invalidates the pages of {@code space} in the micro-TLB. */
  private void renewEpoch(Space space) {
    if (micro.isExhausted()) {
      micro.invalidateAll();
      for (int i = 0; i < spaceCount; i++) {
        spaces[i].epoch = micro.newEpoch();
      }
    }
    space.epoch = micro.newEpoch();
  }
}
