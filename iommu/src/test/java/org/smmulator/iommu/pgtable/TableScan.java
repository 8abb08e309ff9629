package org.smmulator.iommu.pgtable;

import java.util.ArrayList;
import java.util.List;
import org.smmulator.hw.dram.Dram;

/**
 * Reads a whole LPAE table out of memory, with a reading of the bits of its own: it shares nothing
 * with the code under test.
 */
final class TableScan {
  /**
   * A leaf.
   *
   * @param offset from the start of the table's addresses
   */
  record Leaf(long offset, int level, long bits) {}

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final Dram dram;
  private final int granuleShift;
  final int[] tablesPerLevel = new int[4];
  final List<Leaf> leaves = new ArrayList<>();

  TableScan(Dram dram, long rootPa, int granuleShift, int startLevel, int rootBits) {
    this.dram = dram;
    this.granuleShift = granuleShift;
    scan(rootPa, startLevel, 1L << rootBits, 0);
  }

  private void scan(long tablePa, int level, long entries, long offset) {
    tablesPerLevel[level]++;
    int shift = (4 - level) * (granuleShift - 3) + 3;
    for (long i = 0; i < entries; i++) {
      long bits = dram.getLong(tablePa + 8 * i);
      long at = offset + (i << shift);
      if ((bits & 3) == 3 && level < 3) {
        scan(nextTable(bits), level + 1, 1L << (granuleShift - 3), at);
      } else if (bits != 0) {
        leaves.add(new Leaf(at, level, bits));
      }
    }
  }

  private long nextTable(long bits) {
    long low = bits & 0x0000_ffff_ffff_f000L & -(1L << granuleShift);
    return granuleShift == 16 ? low | (bits >>> 12 & 0xf) << 48 : low;
  }

  /** FNV-1a over address, level and bits of every leaf, as the golden data has it. */
  long fnv() {
    return fnv(leaves);
  }

  static long fnv(List<Leaf> leaves) {
    long hash = FNV_OFFSET;
    for (Leaf leaf : leaves) {
      hash = fnv(fnv(fnv(hash, leaf.offset), leaf.level), leaf.bits);
    }
    return hash;
  }

  private static long fnv(long hash, long value) {
    for (int i = 0; i < 8; i++) {
      hash = (hash ^ ((value >>> (8 * i)) & 0xff)) * FNV_PRIME;
    }
    return hash;
  }
}
