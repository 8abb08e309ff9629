package org.smmulator.hw.vmsa;

import org.smmulator.hw.dram.Dram;

/**
 * VMSAv8-64 tables written by hand from the Arm ARM, D8.3: shares nothing with the walker or with
 * the tables of a driver.
 */
public final class HandTables {
  /** A page of stage 1 that anyone may read, write and execute, accessed, not global. */
  public static final long PAGE = 0b11 | 1 << 6 | 1 << 10 | 1 << 11;

  /** The same as a block. */
  public static final long BLOCK = PAGE & ~0b10L;

  public static final long UNPRIVILEGED = 1L << 6;
  public static final long READ_ONLY = 1L << 7;
  public static final long ACCESSED = 1L << 10;
  public static final long NOT_GLOBAL = 1L << 11;
  public static final long DBM = 1L << 51;
  public static final long PXN = 1L << 53;
  public static final long UXN = 1L << 54;

  /** A page of stage 2 that may be read and written, accessed. */
  public static final long PAGE2 = 0b11 | 3 << 6 | 1 << 10;

  /** The same, to be read only. */
  public static final long PAGE2_READ_ONLY = 0b11 | 1 << 6 | 1 << 10;

  private final Dram dram;
  private final int granuleShift;
  private long free;

  /** Tables of {@code 1 << granuleShift} bytes, taken from {@code free} on. */
  public HandTables(Dram dram, int granuleShift, long free) {
    this.dram = dram;
    this.granuleShift = granuleShift;
    this.free = free;
  }

  /** Tables of 4 KiB. */
  public HandTables(Dram dram, long free) {
    this(dram, 12, free);
  }

  /** An empty table. */
  public long table() {
    return tables(1);
  }

  /** Empty tables in a row, aligned to their size. */
  public long tables(int count) {
    long bytes = (long) count << granuleShift;
    long made = (free + bytes - 1) & -bytes;
    free = made + bytes;
    return made;
  }

  /** Maps a page of stage 1 with every right, from a root at level 0 or 1. */
  public void map(long root, int startLevel, long address, long pa) {
    put(root, startLevel, address, 3, pa | PAGE);
  }

  /** As {@link #map(long, int, long, long)}, from a root at level 0. */
  public void map(long root, long address, long pa) {
    map(root, 0, address, pa);
  }

  /** As {@link #put(long, int, long, int, long)}, from a root at level 0. */
  public void put(long root, long address, int level, long descriptor) {
    put(root, 0, address, level, descriptor);
  }

  /** As {@link #entry(long, int, long, int)}, from a root at level 0. */
  public long entry(long root, long address, int level) {
    return entry(root, 0, address, level);
  }

  /** Writes the descriptor of {@code address} at {@code level}, and the tables above it. */
  public void put(long root, int startLevel, long address, int level, long descriptor) {
    dram.putLong(entry(root, startLevel, address, level), descriptor);
  }

  /** Where the descriptor of {@code address} at {@code level} is. */
  public long entry(long root, int startLevel, long address, int level) {
    long table = root;
    for (int i = startLevel; i < level; i++) {
      long at = table + 8 * index(address, i, i == startLevel);
      if (dram.getLong(at) == 0) {
        dram.putLong(at, table() | 0b11);
      }
      table = dram.getLong(at) & 0x0000_ffff_ffff_f000L;
    }
    return table + 8 * index(address, level, level == startLevel);
  }

  /** Addresses in the tests are such that no bits above those of the first table matter. */
  private long index(long address, int level, boolean first) {
    int stride = granuleShift - 3;
    long all = (address & 0x0000_ffff_ffff_ffffL) >>> (granuleShift + stride * (3 - level));
    return first ? all & ((1L << (stride + 4)) - 1) : all & ((1L << stride) - 1);
  }
}
