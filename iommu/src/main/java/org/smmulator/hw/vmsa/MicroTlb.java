package org.smmulator.hw.vmsa;

import java.util.Arrays;

/**
 * The translations that were used last, by page of 4 KiB: one comparison in front of the TLB.
 *
 * <p>It never holds what the TLB does not: an invalidation or eviction there removes it here. So it
 * changes how fast a hit is, never what hits. Entries that hold under every ASID are left out.
 */
// Two longs a slot: [page number and epoch][leaf]. Each space has an epoch of its own, and gets
// another to have all of its slots invalidated at once. A page number has 41 bits with its sign: 52
// bits of either half of an address space. Spaces have the slots at hand, so that a lookup follows
// no further reference.
final class MicroTlb {
  static final int PAGE_SHIFT = 12;

  private static final int SLOTS = 512;
  private static final int EPOCH_BITS = 23;
  private static final int UNUSED_BITS = EPOCH_BITS - PAGE_SHIFT;
  private static final long PAGE_MASK = -1L << EPOCH_BITS;
  private static final long LAST_EPOCH = ~PAGE_MASK;

  final long[] slots = new long[2 * SLOTS];
  private long epoch;

  /** The page of {@code address} under {@code epoch}, or {@link Leaf#MISS}. */
  static long find(long[] slots, long epoch, long address) {
    long shifted = address << UNUSED_BITS;
    long key = (shifted & PAGE_MASK) | epoch;
    int at = slot(key);
    boolean hit = slots[at] == key && shifted >> UNUSED_BITS == address;
    return hit ? slots[at + 1] : Leaf.MISS;
  }

  void put(long epoch, long address, long leaf) {
    long key = key(epoch, address);
    int at = slot(key);
    slots[at] = key;
    slots[at + 1] = Leaf.ofPage(leaf, address);
  }

  /** Invalidates the page of {@code address}. */
  void invalidatePage(long epoch, long address) {
    long key = key(epoch, address);
    int at = slot(key);
    // No branch: of the pages that the TLB evicts about half are here, in no order to be guessed.
    long difference = slots[at] ^ key;
    slots[at] &= (difference | -difference) >> (Long.SIZE - 1);
  }

  /** True if there is no epoch left; the next is the first again. */
  boolean isExhausted() {
    return epoch == LAST_EPOCH;
  }

  void invalidateAll() {
    Arrays.fill(slots, 0);
    epoch = 0;
  }

  /** An epoch under which nothing is kept. */
  long newEpoch() {
    return ++epoch;
  }

  private static long key(long epoch, long address) {
    return ((address << UNUSED_BITS) & PAGE_MASK) | epoch;
  }

  private static int slot(long key) {
    return ((int) (key >>> EPOCH_BITS ^ key) & SLOTS - 1) << 1;
  }
}
