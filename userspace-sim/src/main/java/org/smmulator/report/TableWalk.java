package org.smmulator.report;

import org.smmulator.hw.dram.Dram;

/**
 * Walks a stage-1 table of 4 KiB granule as a person with a memory dump would: {@code L0[0] L1[4]
 * L2[0] L3[16]}. Arm ARM, D8.3.
 *
 * @param path the entries that the walk read
 * @param pa where it led; -1 if to nothing
 */
public record TableWalk(String path, long pa) {
  private static final int INDEX_BITS = 9;
  private static final int PAGE_SHIFT = 12;
  private static final int LAST_LEVEL = 3;
  private static final long VALID = 1;
  private static final long TABLE = 2;
  private static final long ADDRESS = 0x0000_ffff_ffff_f000L;

  /**
   * Walks from the table at {@code root}, of four levels.
   *
   * @param iova of either half: bits above 47 do not take part
   */
  public static TableWalk walk(Dram dram, long root, long iova) {
    return walk(dram, root, 0, iova);
  }

  /**
   * Walks from the table at {@code root}, which is of {@code firstLevel}: a table that reaches less
   * far has fewer levels.
   */
  public static TableWalk walk(Dram dram, long root, int firstLevel, long iova) {
    StringBuilder path = new StringBuilder();
    long table = root;
    for (int level = firstLevel; level <= LAST_LEVEL; level++) {
      int shift = PAGE_SHIFT + INDEX_BITS * (LAST_LEVEL - level);
      int index = (int) (iova >>> shift) & ((1 << INDEX_BITS) - 1);
      path.append("L%d[%d] ".formatted(level, index));
      long address = table + (long) index * Long.BYTES;
      long entry = dram.covers(address, Long.BYTES) ? dram.getLong(address) : 0;
      if ((entry & VALID) == 0) {
        return new TableWalk(path.toString(), -1);
      }
      boolean leaf = level == LAST_LEVEL || (entry & TABLE) == 0;
      if (leaf) {
        long inLeaf = (1L << shift) - 1;
        return new TableWalk(path.toString(), (entry & ADDRESS & ~inLeaf) | (iova & inLeaf));
      }
      table = entry & ADDRESS;
    }
    throw new AssertionError();
  }

  /** {@code L0[0] L1[4] L2[0] L3[16] -> pa 0x91000010 = 0xcafe}, with the word found there. */
  public String show(Dram dram) {
    if (pa < 0 || !dram.covers(pa, Integer.BYTES)) {
      return path + "-> nothing";
    }
    return path + "-> pa 0x%x = 0x%x".formatted(pa, dram.getInt(pa));
  }
}
