package org.smmulator.hw.sysmmu;

import com.google.common.primitives.Longs;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.TlbWatch;

/**
 * The TLB: sets of some ways, in two arrays.
 *
 * <p>An entry covers what its leaf covers. In most versions a leaf is in one set only, so that one
 * invalidation reaches it. A v2 chooses the set by the page that was accessed, whatever covers it:
 * a section can then be in all 64 sets, a large page in 16, and each needs an invalidation of its
 * own. Kernel: {@code sysmmu_tlb_invalidate_entry()}.
 *
 * <p>What was filled stays until it is invalidated or evicted, whatever becomes of the tables; so a
 * page can be in it beside the section that has taken its place, and that is a multi-hit.
 */
final class SysmmuTlb {
  /** The answer if there is no entry. No leaf is zero, because a leaf has a size. */
  static final long MISS = 0;

  private static final int[] SHIFTS = {12, 16, 20};

  /** All entries are of one space: nothing tags them. */
  private static final int SPACE = 0;

  private static final int V2_SETS = 64;
  private static final int V2_WAYS = 8;
  private static final int WAYS = 4;
  private static final int FIRST_ENTRIES_IF_UNBOUNDED = 256;

  private final boolean setByPage;
  private final boolean unbounded;
  private final int ways;

  /** Zero for an empty way: no key is zero, because it holds a size. */
  private long[] keys;

  private long[] leaves;
  private int setMask;
  private int victim;
  private long fills;
  private @Nullable TlbWatch watch;

  SysmmuTlb(SysmmuConfig config) {
    this.setByPage = config.major() == 2;
    this.unbounded = !setByPage && config.tlb().entries() == SysmmuConfig.Tlb.UNBOUNDED;
    this.ways = setByPage ? V2_WAYS : WAYS;
    int entries = unbounded ? FIRST_ENTRIES_IF_UNBOUNDED : config.tlb().entries();
    int sets = setByPage ? V2_SETS : entries / ways;
    this.keys = new long[sets * ways];
    this.leaves = new long[sets * ways];
    this.setMask = sets - 1;
  }

  /** Tells {@code debugger} from now on what is added and lost. */
  void watch(TlbWatch debugger) {
    watch = debugger;
  }

  /** The leaf for {@code iova}, {@link #MISS}, or {@link SysmmuPage#TWO}. */
  long find(long iova) {
    long found = MISS;
    for (int shift : SHIFTS) {
      int at = locate(iova, shift);
      if (at >= 0) {
        found = found == MISS ? leaves[at] : SysmmuPage.TWO;
      }
    }
    return found;
  }

  /**
   * Adds {@code leaf} for {@code iova}, in place of another if need be.
   *
   * @param root physical address of the table that was walked
   */
  void fill(long iova, long leaf, long root) {
    fills++;
    int shift = SysmmuPage.shift(leaf);
    int at = freeWay(keys, set(iova, shift));
    while (at < 0 && unbounded) {
      grow();
      at = freeWay(keys, set(iova, shift));
    }
    if (at < 0) {
      victim = (victim + 1) % ways;
      at = set(iova, shift) * ways + victim;
      drop(at);
    }
    keys[at] = key(iova, shift);
    leaves[at] = leaf;
    if (watch != null) {
      watch.filled(SPACE, root, iova, SysmmuPage.pa(leaf, iova), shift);
    }
  }

  /** How many leaves were added. */
  long fills() {
    return fills;
  }

  /** Invalidates the entries of the set of {@code iova}'s page that cover it, of any size. */
  void invalidate(long iova) {
    for (int shift : SHIFTS) {
      for (int at = locate(iova, shift); at >= 0; at = locate(iova, shift)) {
        drop(at);
      }
    }
  }

  private void drop(int at) {
    long key = keys[at];
    keys[at] = 0;
    if (watch != null && !(setByPage && Longs.contains(keys, key))) { // in no other set either
      watch.dropped(SPACE, start(key), shiftOf(key));
    }
  }

  /** Invalidates every entry that touches {@code first}..{@code last}, both inclusive. */
  void invalidateRange(long first, long last) {
    for (int at = 0; at < keys.length; at++) {
      if (keys[at] != 0) {
        long start = start(keys[at]);
        long end = start + (1L << shiftOf(keys[at])) - 1;
        if (start <= last && end >= first) {
          drop(at);
        }
      }
    }
  }

  void invalidateAll() {
    if (watch != null) {
      watch.emptied(SPACE);
    }
    Arrays.fill(keys, 0);
  }

  private int locate(long iova, int shift) {
    long key = key(iova, shift);
    int first = set(iova, shift) * ways;
    for (int at = first; at < first + ways; at++) {
      if (keys[at] == key) {
        return at;
      }
    }
    return -1;
  }

  private int freeWay(long[] table, int set) {
    for (int at = set * ways; at < (set + 1) * ways; at++) {
      if (table[at] == 0) {
        return at;
      }
    }
    return -1;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldLeaves = leaves;
    int size = oldKeys.length * 2;
    while (!moveTo(size, oldKeys, oldLeaves)) {
      size *= 2; // still too many in one set: each doubling splits every set
    }
  }

  private boolean moveTo(int size, long[] oldKeys, long[] oldLeaves) {
    keys = new long[size];
    leaves = new long[size];
    setMask = size / ways - 1;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = freeWay(keys, set(start(oldKeys[i]), shiftOf(oldKeys[i])));
        if (at < 0) {
          return false;
        }
        keys[at] = oldKeys[i];
        leaves[at] = oldLeaves[i];
      }
    }
    return true;
  }

  private int set(long iova, int shift) {
    if (setByPage) {
      return (int) (iova >>> SHIFTS[0]) & setMask;
    }
    long hash = key(iova, shift) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (hash >>> 32) & setMask;
  }

  private static long key(long iova, int shift) {
    return iova >>> shift << 6 | shift;
  }

  private static int shiftOf(long key) {
    return (int) key & 0x3f;
  }

  private static long start(long key) {
    return key >>> 6 << shiftOf(key);
  }
}
