package org.smmulator.hw.vmsa;

import org.jspecify.annotations.Nullable;

/**
 * The part of a {@link Walker} that reads short descriptors. Arm ARM (ARMv7-A), B3.5.
 *
 * <pre>
 *  31                  20 19 18 17 16 15 14 12 11 10 9 8      5 4  3 2 1 0
 * +------------------------------------------------+-+--------+-+--+-+---+
 * |            address of a table, to bit 10       | | domain | |NS|P|0 1|  level 1
 * +----------------------+--+--+--+--+--+-----+-----+-+--------+-+--+-+---+
 * |  address of 1 MiB    |NS| 0|nG| S|A2| TEX | AP  | | domain |X| C|B|1 P|
 * +-------------+--------+--+--+--+--+--+-----+-----+-+--------+-+--+-+---+
 * | of 16 MiB   | 35:32  |NS| 1|nG| S|A2| TEX | AP  | | 39:36  |X| C|B|1 P|
 * +-------------+--------+--+--+--+--+--+-----+-----+-+--------+-+--+-+---+
 * |  address of 64 KiB      |X | TEX |nG|S|A2|0 0 0| AP  |C|B|0 1|          level 2
 * +-------------------------+--+-----+--+-+--+-----+-----+-+-+---+
 * |  address of 4 KiB                |nG|S|A2| TEX | AP  |C|B|1 X|
 * +----------------------------------+--+-+--+-----+-----+-+-+---+
 *   X: execute never; P: privileged execute never; A2: AP[2]
 * </pre>
 *
 * @implNote Unverified: domains are ignored, as an SMMU has no DACR.
 */
final class ShortDescriptors {
  private static final int SECTION_SHIFT = 20;
  private static final int SUPERSECTION_SHIFT = 24;
  private static final int LARGE_SHIFT = 16;
  private static final int SMALL_SHIFT = 12;
  private static final int LEVEL_2_MASK = 0xff;

  private static final int TYPE = 0b11;
  private static final int TABLE = 0b01;
  private static final int LARGE_PAGE = 0b01;
  private static final int TABLE_ADDRESS = -1 << 10;
  private static final int TABLE_PXN = 1 << 2;
  private static final int SECTION_PXN = 1;
  private static final int SECTION_XN = 1 << 4;
  private static final int SECTION_AP_SHIFT = 10;
  private static final int SECTION_AP2_SHIFT = 15;
  private static final int SECTION_NOT_GLOBAL = 1 << 17;
  private static final int SUPERSECTION = 1 << 18;
  private static final int SMALL_XN = 1;
  private static final int LARGE_XN = 1 << 15;
  private static final int PAGE_AP_SHIFT = 4;
  private static final int PAGE_AP2_SHIFT = 9;
  private static final int PAGE_NOT_GLOBAL = 1 << 11;

  /** AP[0] where it is the access flag; then AP[2:1] alone are the rights. */
  private static final int AP_ACCESSED = 1;

  /** The rights of AP[2:0]: of privileged code, and of all. Arm ARM (ARMv7-A), B3.7.1. */
  private static final int[] DATA_RIGHTS = {
    0,
    privileged(Leaf.READ | Leaf.WRITE),
    privileged(Leaf.READ | Leaf.WRITE) | Leaf.READ,
    privileged(Leaf.READ | Leaf.WRITE) | Leaf.READ | Leaf.WRITE,
    0,
    privileged(Leaf.READ),
    privileged(Leaf.READ) | Leaf.READ,
    privileged(Leaf.READ) | Leaf.READ,
  };

  /** PXN of a table, at the bit of a long descriptor's PXNTable: the walk cache keeps it so. */
  private static final long INHERITED_PXN = 1L << 59;

  /** Tables are aligned to 1 KiB; a pointer in the walk cache has bits from 4 KiB on. */
  private static final int CACHED_TABLE_SHIFT = 2;

  private final Walker walker;
  private final Tlb tlb;

  // The descriptor that was read last, if the read went well.
  private int descriptor;

  ShortDescriptors(Walker walker, Tlb tlb) {
    this.walker = walker;
    this.tlb = tlb;
  }

  private static int privileged(int rights) {
    return rights << Leaf.PRIVILEGED_SHIFT;
  }

  /** Walks, as {@link Walker#walk} does. */
  long walk(Tables tables, Space space, long address, Walker.@Nullable SecondStage second) {
    long known = tlb.findTable(space, address);
    if (known != Leaf.MISS) {
      long table = Leaf.tableAddress(known) >> CACHED_TABLE_SHIFT;
      return secondLevel(tables, table, Leaf.tableInherited(known) != 0, address, second);
    }
    long index = address >>> SECTION_SHIFT & (1L << tables.rootBits) - 1;
    long fault = fetch(tables.root + 4 * index, 1, second);
    if (Leaf.isFault(fault)) {
      return fault;
    }
    int entry = descriptor;
    if ((entry & TYPE) != TABLE) {
      return (entry & TYPE) == 0 ? Leaf.fault(Leaf.TRANSLATION, 1) : section(tables, entry);
    }
    long table = Integer.toUnsignedLong(entry & TABLE_ADDRESS);
    boolean pxn = (entry & TABLE_PXN) != 0;
    tlb.fillTable(
        space,
        address,
        Leaf.table(table << CACHED_TABLE_SHIFT, SECTION_SHIFT, pxn ? INHERITED_PXN : 0));
    return secondLevel(tables, table, pxn, address, second);
  }

  private long secondLevel(
      Tables tables, long table, boolean pxn, long address, Walker.@Nullable SecondStage second) {
    long fault = fetch(table + 4 * (address >>> SMALL_SHIFT & LEVEL_2_MASK), 2, second);
    if (Leaf.isFault(fault)) {
      return fault;
    }
    int type = descriptor & TYPE;
    if (type == 0) {
      return Leaf.fault(Leaf.TRANSLATION, 2);
    }
    boolean large = type == LARGE_PAGE;
    int shift = large ? LARGE_SHIFT : SMALL_SHIFT;
    boolean xn = (descriptor & (large ? LARGE_XN : SMALL_XN)) != 0;
    int ap = ap(descriptor, PAGE_AP_SHIFT, PAGE_AP2_SHIFT);
    boolean global = (descriptor & PAGE_NOT_GLOBAL) == 0;
    return leaf(tables, pageAddress(descriptor, shift), shift, 2, ap, xn, pxn, global);
  }

  private static long section(Tables tables, int entry) {
    boolean big = (entry & SUPERSECTION) != 0;
    int shift = big ? SUPERSECTION_SHIFT : SECTION_SHIFT;
    long pa = pageAddress(entry, shift);
    if (big) {
      pa |= (long) (entry >>> 20 & 0xf) << 32 | (long) (entry >>> 5 & 0xf) << 36;
    }
    int ap = ap(entry, SECTION_AP_SHIFT, SECTION_AP2_SHIFT);
    boolean xn = (entry & SECTION_XN) != 0;
    boolean pxn = (entry & SECTION_PXN) != 0;
    boolean global = (entry & SECTION_NOT_GLOBAL) == 0;
    return leaf(tables, pa, shift, 1, ap, xn, pxn, global);
  }

  private static long leaf(
      Tables tables,
      long pa,
      int shift,
      int level,
      int ap,
      boolean xn,
      boolean pxn,
      boolean global) {
    if (pa >>> tables.outputBits != 0) {
      return Leaf.fault(Leaf.ADDRESS_SIZE, level);
    }
    if (tables.format == Tables.Format.STAGE_1_SHORT_AF && (ap & AP_ACCESSED) == 0) {
      return Leaf.fault(Leaf.ACCESS_FLAG, level);
    }
    int rights = DATA_RIGHTS[ap];
    if (!xn && (rights & Leaf.READ) != 0) {
      rights |= Leaf.EXECUTE;
    }
    if (!xn && !pxn && (rights & privileged(Leaf.READ)) != 0) {
      rights |= privileged(Leaf.EXECUTE);
    }
    return Leaf.ofStage1(pa, shift, rights) | (global ? Leaf.GLOBAL : 0);
  }

  private static int ap(int entry, int shift, int topShift) {
    return (entry >>> shift & 0b11) | (entry >>> topShift & 1) << 2;
  }

  private static long pageAddress(int entry, int shift) {
    return Integer.toUnsignedLong(entry) & -1L << shift;
  }

  /** Reads a descriptor; 0, or the fault of a read that went wrong. */
  private long fetch(long address, int level, Walker.@Nullable SecondStage second) {
    long at = address;
    if (second != null) {
      at = second.locate(address);
      if (Leaf.isFault(at)) {
        return at;
      }
    }
    if (!walker.covers32(at)) {
      return walker.externalAbort(at, level);
    }
    descriptor = walker.read32(at);
    return 0;
  }
}
