package org.smmulator.report.exynos;

import org.smmulator.hw.dram.Dram;

/**
 * A walk of a sysmmu's table as a person with a memory dump would make it: {@code L1[4095]
 * L2[239]}. The entries are those of {@link org.smmulator.iommu.pgtable.ExynosPgtable}.
 *
 * @param path the entries that were read
 * @param pa where they led; -1 if to nothing
 */
record SysmmuWalk(String path, long pa) {
  private static final int SECTION_SHIFT = 20;
  private static final int LARGE_PAGE_SHIFT = 16;
  private static final int PAGE_SHIFT = 12;
  private static final int TYPE = 0b11;
  private static final int LINK = 0b01;
  private static final int SECTION = 0b10;
  private static final int LARGE_PAGE = 0b01;
  private static final int LINK_ADDRESS = 0xffff_ffc0;

  /**
   * Walks.
   *
   * @param wide whether an entry holds bits 35 to 4 of an address, as from v5 on
   */
  static SysmmuWalk walk(Dram dram, long root, boolean wide, long iova) {
    int first = (int) (iova >>> SECTION_SHIFT);
    String path = "L1[%d]".formatted(first);
    int entry = load(dram, root + 4L * first);
    return switch (entry & TYPE) {
      case SECTION -> leaf(path, address(entry, wide), SECTION_SHIFT, iova);
      case LINK -> secondLevel(dram, path, address(entry & LINK_ADDRESS, wide), wide, iova);
      default -> new SysmmuWalk(path, -1);
    };
  }

  private static SysmmuWalk secondLevel(
      Dram dram, String before, long table, boolean wide, long iova) {
    int second = (int) (iova >>> PAGE_SHIFT) & 0xff;
    String path = before + " L2[%d]".formatted(second);
    int entry = load(dram, table + 4L * second);
    return switch (entry & TYPE) {
      case 0 -> new SysmmuWalk(path, -1);
      case LARGE_PAGE -> leaf(path, address(entry, wide), LARGE_PAGE_SHIFT, iova);
      default -> leaf(path, address(entry, wide), PAGE_SHIFT, iova);
    };
  }

  private static SysmmuWalk leaf(String path, long address, int shift, long iova) {
    long inLeaf = (1L << shift) - 1;
    return new SysmmuWalk(path, (address & ~inLeaf) | (iova & inLeaf));
  }

  private static long address(int entry, boolean wide) {
    return Integer.toUnsignedLong(entry) << (wide ? 4 : 0);
  }

  private static int load(Dram dram, long pa) {
    return dram.covers(pa, Integer.BYTES) ? dram.getInt(pa) : 0;
  }

  /** {@code L1[4095] L2[239] -> pa 0x20030000}. */
  @Override
  public String toString() {
    return path + (pa < 0 ? " -> nothing" : " -> pa 0x%x".formatted(pa));
  }
}
