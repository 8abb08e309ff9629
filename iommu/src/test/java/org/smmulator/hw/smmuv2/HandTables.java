package org.smmulator.hw.smmuv2;

import org.smmulator.hw.dram.Dram;

/**
 * AArch64 stage-1 tables of 4 KiB granule, four levels, written by hand from the Arm ARM, D8.3:
 * shares nothing with the walker or with the tables of the driver.
 */
final class HandTables {
  /** A page of level 3 that anyone may read, write and execute, accessed, not global. */
  static final long PAGE = 0b11 | 1 << 6 | 1 << 10 | 1 << 11;

  /** The same as a block of level 1 or 2. */
  static final long BLOCK = PAGE & ~0b10L;

  static final long UNPRIVILEGED = 1L << 6;
  static final long READ_ONLY = 1L << 7;
  static final long ACCESSED = 1L << 10;
  static final long NOT_GLOBAL = 1L << 11;
  static final long PXN = 1L << 53;
  static final long UXN = 1L << 54;

  private final Dram dram;
  private long free;

  HandTables(Dram dram, long free) {
    this.dram = dram;
    this.free = free;
  }

  /** An empty table. */
  long table() {
    long made = free;
    free += 4096;
    return made;
  }

  /** Writes the descriptor of {@code iova} at {@code level}, and the tables above it. */
  void put(long root, long iova, int level, long descriptor) {
    dram.putLong(entry(root, iova, level), descriptor);
  }

  /** Where the descriptor of {@code iova} at {@code level} is. */
  long entry(long root, long iova, int level) {
    long table = root;
    for (int i = 0; i < level; i++) {
      long at = table + 8 * (iova >>> (39 - 9 * i) & 0x1ff);
      if (dram.getLong(at) == 0) {
        dram.putLong(at, table() | 0b11);
      }
      table = dram.getLong(at) & 0x0000_ffff_ffff_f000L;
    }
    return table + 8 * (iova >>> (39 - 9 * level) & 0x1ff);
  }

  /** Maps a page with every right. */
  void map(long root, long iova, long pa) {
    put(root, iova, 3, pa | PAGE);
  }
}
