package org.smmulator.hw.sysmmu;

import java.util.BitSet;
import org.smmulator.hw.dram.Dram;

/**
 * Reads Samsung's tables out of memory, and keeps first-level entries in the versions that do.
 *
 * <pre>
 *  31                                            2 1 0
 * +------------------------+---------------------+----+
 * | table, 1 KiB aligned   |          0          |0  1|
 * | 1 MiB                  | 0      rights     0 |1  0|   level 1
 * +------------------------+---------------------+----+
 * | 64 KiB                 | 0      rights     0 |0  1|
 * | 4 KiB                  | 0      rights     0 |1  -|   level 2
 * +------------------------+---------------------+----+
 * </pre>
 *
 * <p>From v5 on an entry holds bits 35 to 4 of the address, and the rights are two bits: 5:4 at
 * level 1, 3:2 at level 2, write and read. Before that, as in ARMv6's descriptors: AP 11:10 or 5:4,
 * of which zero forbids all, and APX 15 or 9, which forbids writes.
 */
final class TableWalker {
  private static final int SECTION_SHIFT = 20;
  private static final int LARGE_PAGE_SHIFT = 16;
  private static final int PAGE_SHIFT = 12;
  private static final int SECTIONS = 1 << 12;
  private static final int TYPE = 0b11;
  private static final int TYPE_LINK = 0b01;
  private static final int TYPE_SECTION = 0b10;
  private static final int TYPE_LARGE_PAGE = 0b01;
  private static final int LINK_ADDRESS = 0xffff_ffc0;

  private final Dram dram;
  private final boolean wide;
  private final boolean caches;
  private final boolean prefetches;
  private final int[] kept = new int[SECTIONS];
  private final BitSet isKept = new BitSet(SECTIONS);
  private boolean cacheIsOn;
  private int steps;

  TableWalker(SysmmuConfig config, Dram dram) {
    this.dram = dram;
    this.wide = config.wideEntries();
    this.caches = config.cachesDescriptors();
    this.prefetches = config.prefetches();
  }

  /** Turns the cache of first-level entries on or off: CFG.FLPDCACHE. */
  void switchCache(boolean on) {
    cacheIsOn = on && caches;
    if (!cacheIsOn) {
      isKept.clear();
    }
  }

  /** Invalidates the cached first-level entry for {@code iova}. */
  void invalidate(long iova) {
    isKept.clear((int) (iova >>> SECTION_SHIFT));
  }

  /** Invalidates the cached first-level entries for {@code first}..{@code last}, both inclusive. */
  void invalidateRange(long first, long last) {
    if (first <= last) {
      isKept.clear((int) (first >>> SECTION_SHIFT), (int) (last >>> SECTION_SHIFT) + 1);
    }
  }

  void invalidateAll() {
    isKept.clear();
  }

  /** How many entries the last walk read from memory. */
  int steps() {
    return steps;
  }

  /**
   * Walks the table at {@code rootPa}.
   *
   * @return a {@link SysmmuPage}, {@link SysmmuPage#HOLE} or {@link SysmmuPage#NO_TABLE}
   */
  long walk(long rootPa, long iova) {
    steps = 0;
    int index = (int) (iova >>> SECTION_SHIFT);
    if (!dram.covers(rootPa, 4L * SECTIONS)) {
      return SysmmuPage.NO_TABLE;
    }
    int entry = firstLevel(rootPa, index);
    return switch (entry & TYPE) {
      case TYPE_LINK -> secondLevel(address(entry & LINK_ADDRESS), iova);
      case TYPE_SECTION -> SysmmuPage.of(address(entry), SECTION_SHIFT, rights(entry, 1));
      default -> SysmmuPage.HOLE;
    };
  }

  private int firstLevel(long rootPa, int index) {
    if (!cacheIsOn) {
      steps++;
      return dram.getInt(rootPa + 4L * index);
    }
    keep(rootPa, index);
    if (prefetches && index + 1 < SECTIONS) {
      keep(rootPa, index + 1);
    }
    return kept[index];
  }

  private void keep(long rootPa, int index) {
    if (!isKept.get(index)) {
      steps++;
      kept[index] = dram.getInt(rootPa + 4L * index);
      isKept.set(index);
    }
  }

  private long secondLevel(long tablePa, long iova) {
    long at = tablePa + ((iova >>> PAGE_SHIFT & 0xff) << 2);
    if (!dram.covers(at, Integer.BYTES)) {
      return SysmmuPage.NO_TABLE;
    }
    int entry = dram.getInt(at);
    steps++;
    if ((entry & TYPE) == 0) {
      return SysmmuPage.HOLE;
    }
    int shift = (entry & TYPE) == TYPE_LARGE_PAGE ? LARGE_PAGE_SHIFT : PAGE_SHIFT;
    return SysmmuPage.of(address(entry), shift, rights(entry, 2));
  }

  private int rights(int entry, int level) {
    if (wide) {
      return entry >>> (level == 1 ? 4 : 2) & (SysmmuPage.READ | SysmmuPage.WRITE);
    }
    boolean none = (entry >>> (level == 1 ? 10 : 4) & 0b11) == 0;
    boolean readOnly = (entry >>> (level == 1 ? 15 : 9) & 1) != 0;
    if (none) {
      return 0;
    }
    return readOnly ? SysmmuPage.READ : SysmmuPage.READ | SysmmuPage.WRITE;
  }

  private long address(int entry) {
    return Integer.toUnsignedLong(entry) << (wide ? 4 : 0);
  }
}
