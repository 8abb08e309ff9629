package org.smmulator.iommu.pgtable;

import static org.smmulator.kernel.errno.Errno.ENOMEM;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * The shape of an LPAE table: how many levels, and which bits of an iova index each.
 *
 * <p>A table is one granule of 8-byte entries, so a level resolves {@code granuleShift - 3} bits.
 * The root resolves whatever is left, from one bit up; a stage 2 root may be up to 16 tables side
 * by side, which saves a level. See Arm ARM D8.2.
 *
 * @param granuleShift log2 of the page size: 12, 14 or 16
 * @param startLevel the root's level; the last level is 3
 * @param rootBits how many bits of an iova index the root
 */
record LpaeGeometry(int granuleShift, int startLevel, int rootBits) {
  static final int LAST_LEVEL = 3;
  static final int ENTRY_SHIFT = 3;

  private static final int MAX_CONCATENATION_SHIFT = 4;

  /** The shape of a stage 1 table for iovas of {@code ias} bits. */
  static LpaeGeometry stage1(int granuleShift, int ias) {
    int bitsPerLevel = granuleShift - ENTRY_SHIFT;
    int resolvedBits = ias - granuleShift;
    int levels = Math.ceilDiv(resolvedBits, bitsPerLevel);
    return new LpaeGeometry(
        granuleShift, LAST_LEVEL + 1 - levels, resolvedBits - bitsPerLevel * (levels - 1));
  }

  /**
   * The shape of a stage 2 table: as stage 1, but concatenated where the architecture demands it.
   *
   * @throws ErrnoException ENOMEM if it would take more than 16 tables
   */
  static LpaeGeometry stage2(int granuleShift, int ias, int oas) throws ErrnoException {
    LpaeGeometry plain = stage1(granuleShift, ias);
    if (!plain.mustConcatenate(ias, oas)) {
      return plain;
    }
    if (plain.rootBits > MAX_CONCATENATION_SHIFT) {
      throw ENOMEM.because("a stage 2 root of %d tables", 1 << plain.rootBits);
    }
    return new LpaeGeometry(
        granuleShift, plain.startLevel + 1, plain.rootBits + plain.bitsPerLevel());
  }

  /** Arm ARM D8.2.6, table "Supported IPA sizes": where the longer walk does not exist. */
  private boolean mustConcatenate(int ias, int oas) {
    return switch (granuleShift) {
      case 12 -> startLevel == 0 && (oas == 40 || oas == 42);
      case 14 -> (startLevel == 0 && (oas == 48 || ias == 48)) || (startLevel == 1 && oas == 40);
      default -> false;
    };
  }

  int bitsPerLevel() {
    return granuleShift - ENTRY_SHIFT;
  }

  /** The lowest bit of an iova that indexes {@code level}; log2 of what one entry there spans. */
  int shift(int level) {
    return granuleShift + (LAST_LEVEL - level) * bitsPerLevel();
  }

  /** How many bits of an iova index {@code level}. */
  int indexBits(int level) {
    return level == startLevel ? rootBits : bitsPerLevel();
  }

  /** The number of entries that {@code level} indexes, from one table or from the root. */
  int entries(int level) {
    return 1 << indexBits(level);
  }

  /** The index of the entry that {@code iova} selects in a table of {@code level}. */
  int index(long iova, int level) {
    return (int) (iova >>> shift(level)) & (entries(level) - 1);
  }

  /** The address field of an entry that leads to {@code pa}. */
  long packPa(long pa) {
    return (pa | pa >>> LpaeBits.HIGH_PA_SHIFT) & LpaeBits.ADDRESS;
  }

  /** The physical address that an entry leads to. */
  long unpackPa(long entry) {
    long field = entry & LpaeBits.ADDRESS;
    if (granuleShift < 16) {
      return field;
    }
    return (field | field << LpaeBits.HIGH_PA_SHIFT) & LpaeBits.ADDRESS << 4;
  }

  /** Returns whether {@code entry}, not zero, is a mapping rather than a pointer to a table. */
  boolean isLeaf(long entry, int level) {
    return (entry & LpaeBits.TYPE)
        == (level == LAST_LEVEL ? LpaeBits.TYPE_TABLE_OR_PAGE : LpaeBits.TYPE_BLOCK);
  }
}
