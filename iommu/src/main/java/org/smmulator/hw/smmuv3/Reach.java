package org.smmulator.hw.smmuv3;

import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv3.SmmuCommand.Range;

/**
 * The entries that a CMD_TLBI_* by address invalidates: not one more than the architecture asks
 * for, so that a wrong hint of software leaves a stale entry. Arm IHI 0070, 4.4.1.1.
 *
 * @param leafSizes the shifts of the sizes of leaves, as a mask: of {@link Tlb#invalidate}
 * @param tableSizes the same of pointers to tables
 */
record Reach(long first, long last, long leafSizes, long tableSizes) {
  private static final int LAST_LEVEL = 3;
  private static final int LEVELS = 4;
  private static final int GRANULE_16K = 14;

  /**
   * The entries that {@code range} reaches.
   *
   * @param ranges whether the SMMU has ranges; else their fields are reserved, and ignored
   */
  static Reach of(Range range, boolean ranges) {
    if (!ranges || !range.isRange()) {
      long tables = range.leaf() ? Tlb.NO_SIZE : Tlb.ANY_SIZE;
      return new Reach(range.first(), range.first(), Tlb.ANY_SIZE, tables);
    }
    int level = level(range);
    long ofGranule = sizesOf(range.granuleShift());
    if (level == 0) {
      return aligned(range, range.granuleShift(), ofGranule, ofGranule);
    }
    int shift = shiftOf(range.granuleShift(), level);
    return aligned(range, shift, 1L << shift, ofGranule & -2L << shift);
  }

  /** True if {@code range} says a granule of a single address, and neither level nor length. */
  static boolean isReserved(Range range) {
    return range.isRange() && range.granules() == 1 && level(range) == 0;
  }

  /**
   * An address that is not a multiple of what its level's entries cover has an unpredictable range,
   * which is none here.
   */
  private static Reach aligned(Range range, int shift, long leafSizes, long tableSizes) {
    boolean isAligned = (range.first() & (1L << shift) - 1) == 0;
    return new Reach(
        range.first(),
        range.last(),
        isAligned ? leafSizes : Tlb.NO_SIZE,
        isAligned && !range.leaf() ? tableSizes : Tlb.NO_SIZE);
  }

  /** TTL: level 1 of 16 KiB tables has no leaves, and the code is as if nothing were said. */
  private static int level(Range range) {
    return range.level() == 1 && range.granuleShift() == GRANULE_16K ? 0 : range.level();
  }

  // No two granules have a size in common, so a size tells granule and level.
  private static long sizesOf(int granuleShift) {
    long sizes = 0;
    for (int level = 0; level < LEVELS; level++) {
      sizes |= 1L << shiftOf(granuleShift, level);
    }
    return sizes;
  }

  private static int shiftOf(int granuleShift, int level) {
    return granuleShift + (LAST_LEVEL - level) * (granuleShift - 3);
  }
}
