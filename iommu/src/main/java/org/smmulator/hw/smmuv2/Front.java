package org.smmulator.hw.smmuv2;

import java.util.Arrays;

/**
 * What a context bank found last, by page of 4 KiB: one comparison in front of the TLB.
 *
 * <p>It never holds what the TLB does not: whatever invalidates or evicts an entry there, or
 * selects another ASID, clears it here. So it changes how fast a hit is, never what hits.
 */
// Two longs a slot: [epoch and page number][leaf]. Clearing counts the epoch up, and no slot of an
// older epoch is found again.
final class Front {
  private static final int SLOTS = 512;
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BITS = 40;
  private static final long PAGE_MASK = (1L << PAGE_BITS) - 1;
  private static final long LAST_EPOCH = (1L << (Long.SIZE - PAGE_BITS)) - 1;

  private final long[] slots = new long[2 * SLOTS];
  private long epoch = 1L << PAGE_BITS;

  /** The leaf for {@code iova}, or {@link Tlb#MISS}. */
  long find(long iova) {
    long page = iova >> PAGE_SHIFT & PAGE_MASK;
    int at = ((int) page & SLOTS - 1) << 1;
    return slots[at] == (epoch | page) ? slots[at + 1] : Tlb.MISS;
  }

  void put(long iova, long leaf) {
    long page = iova >> PAGE_SHIFT & PAGE_MASK;
    int at = ((int) page & SLOTS - 1) << 1;
    slots[at] = epoch | page;
    slots[at + 1] = leaf;
  }

  void clear() {
    epoch += 1L << PAGE_BITS;
    if (epoch >>> PAGE_BITS == LAST_EPOCH) {
      Arrays.fill(slots, 0);
      epoch = 1L << PAGE_BITS;
    }
  }

  /** Forgets the {@code 1 << shift} bytes of which {@code iova} is one. */
  void forget(long iova, int shift) {
    if (shift == PAGE_SHIFT) {
      put(iova, Tlb.MISS);
    } else {
      clear();
    }
  }
}
