package org.smmulator.iommu.pgtable;

import java.util.Locale;
import org.smmulator.iommu.prot.IommuProt;

/**
 * Makes and reads whole short-descriptor entries: type, attributes and address.
 *
 * <p>Kernel: {@code paddr_to_iopte()}, {@code iopte_to_paddr()}, {@code iopte_deref()}.
 *
 * @param attributes what a leaf allows
 * @param wideLeaves quirk ARM_MTK_EXT: address bits 32, 33, 34 are bits 9, 4, 5 of an entry
 * @param wideTables quirk ARM_MTK_TTBR_EXT: the same for the address of a table
 */
record V7sEntries(V7sAttributes attributes, boolean wideLeaves, boolean wideTables) {
  private static final long TABLE_ADDRESS = 0xffff_fc00L;
  static final int REPEATS_SHIFT = 4;

  static V7sEntries of(IoPgtableConfig config) {
    return new V7sEntries(
        V7sAttributes.of(config), V7sFormat.isMediatek(config), config.has(Quirk.ARM_MTK_TTBR_EXT));
  }

  /** Log2 of what one entry of {@code level} spans. */
  static int shift(int level) {
    return level == 1 ? V7sPgtable.SECTION_SHIFT : V7sPgtable.PAGE_SHIFT;
  }

  /** Returns whether an entry of level 1 points to a table. */
  static boolean isTable(int entry) {
    return (entry & V7sBits.TYPE) == V7sBits.TYPE_TABLE;
  }

  /** Returns whether an entry is one of the 16 of a supersection or a large page. */
  static boolean isRepeatedLeaf(int entry, int level) {
    boolean leaf = level == 2 || !isTable(entry);
    return leaf && V7sAttributes.isRepeated(entry, level);
  }

  int table(long tablePa) {
    int address = (int) tablePa | (wideTables ? upperBits(tablePa) : 0);
    return address | V7sBits.TYPE_TABLE | (attributes.nonSecure() ? V7sBits.TABLE_NS : 0);
  }

  long tablePa(int entry) {
    return (entry & TABLE_ADDRESS) | (wideTables ? upperAddress(entry) : 0);
  }

  int leaf(long pa, int prot, int level, boolean repeated) {
    int address = ((int) pa & -(1 << shift(level))) | (wideLeaves ? upperBits(pa) : 0);
    return address | attributes.encode(prot, level, repeated);
  }

  /** The physical address behind {@code iova}, given the leaf that maps it. */
  long leafPa(int leaf, int level, long iova) {
    long offsetMask = (1L << leafShift(leaf, level)) - 1;
    long address = Integer.toUnsignedLong(leaf) & ~offsetMask;
    return address | (wideLeaves ? upperAddress(leaf) : 0) | (iova & offsetMask);
  }

  /** The bytes that a leaf maps, with all 16 entries if there are as many. */
  long leafBytes(int leaf, int level) {
    return 1L << leafShift(leaf, level);
  }

  /** The protection of a leaf. */
  int prot(int leaf, int level) {
    return attributes.decode(leaf, level);
  }

  private static int leafShift(int leaf, int level) {
    return shift(level) + (isRepeatedLeaf(leaf, level) ? REPEATS_SHIFT : 0);
  }

  private static int upperBits(long pa) {
    return (int) (pa >>> 32 & 1) << 9 | (int) (pa >>> 33 & 1) << 4 | (int) (pa >>> 34 & 1) << 5;
  }

  private static long upperAddress(int entry) {
    return (entry >>> 9 & 1L) << 32 | (entry >>> 4 & 1L) << 33 | (entry >>> 5 & 1L) << 34;
  }

  /** Describes an entry in words. */
  String describe(int entry, int level) {
    if (entry == 0) {
      return "invalid";
    }
    if (level == 1 && isTable(entry)) {
      return String.format(Locale.ROOT, "table 0x%x", tablePa(entry));
    }
    String prot = IommuProt.describe(prot(entry, level));
    return String.format(
        Locale.ROOT, "%s 0x%x %s", kind(entry, level), leafPa(entry, level, 0), prot);
  }

  private static String kind(int leaf, int level) {
    boolean repeated = isRepeatedLeaf(leaf, level);
    if (level == 1) {
      return repeated ? "supersection" : "section";
    }
    return repeated ? "large page" : "page";
  }
}
