package org.smmulator.hw.vmsa;

import org.smmulator.hw.dram.Dram;

/**
 * Reads VMSAv8-64 tables of either stage out of memory, of any granule. Arm ARM, D8.2 and D8.3.
 *
 * <pre>
 *  63  62  61 60 59 58 55 54  53 52 51 50  47                12 11 10 9 8 7  6 5    2  1 0
 * +---+-----+--+--+------+---+---+-+---+--+--------------------+--+--+---+-----+------+-+-+
 * |NS |APTab|UX|PX| ign  |UXN|PXN| |DBM|  |   output address   |nG|AF|SH |AP2:1| attr |T|V|
 * +---+-----+--+--+------+---+---+-+---+--+--------------------+--+--+---+-----+------+-+-+
 *   only in a table entry only in a leaf; T: 1 a table, or a page at level 3; 0 a block
 *
 *  of stage 2, where it differs:  54 XN      7:6 HAP (write, read)     no nG, no APTable
 *  64 KiB granule, 52 bits:       15:12 are bits 51:48 of the output address
 * </pre>
 */
public final class Walker {
  /** How the addresses of descriptors lead to memory. */
  @FunctionalInterface
  public interface Reach {
    /** The descriptors are at physical addresses. */
    Reach PHYSICAL = address -> address;

    /** Where the descriptor at {@code address} is in memory, or a fault of {@link Leaf}. */
    long locate(long address);
  }

  private static final long VALID = 1;
  private static final long TABLE_OR_PAGE = 1L << 1;
  private static final long AP_UNPRIVILEGED = 1L << 6;
  private static final long AP_READ_ONLY = 1L << 7;
  private static final int HAP_SHIFT = 6;
  private static final long ACCESS_FLAG = 1L << 10;
  private static final long NOT_GLOBAL = 1L << 11;
  private static final long DBM = 1L << 51;
  private static final long PXN = 1L << 53;
  private static final long UXN = 1L << 54;
  private static final long PXN_TABLE = 1L << 59;
  private static final long UXN_TABLE = 1L << 60;
  private static final long AP_TABLE_NO_UNPRIVILEGED = 1L << 61;
  private static final long AP_TABLE_READ_ONLY = 1L << 62;
  private static final long ADDRESS_47 = (1L << 48) - 1;
  private static final long WRITES = Leaf.WRITE | Leaf.WRITE << Leaf.PRIVILEGED_SHIFT;

  private final Dram dram;
  private final Tlb tlb;
  private int steps;
  private long faultAddress;

  /**
   * Makes a walker.
   *
   * @param tlb whose walk cache it fills and starts from
   */
  public Walker(Dram dram, Tlb tlb) {
    this.dram = dram;
    this.tlb = tlb;
  }

  /** How many descriptors the last walk read. */
  public int steps() {
    return steps;
  }

  /** Where the last external abort was met: the physical address of a descriptor. */
  public long faultAddress() {
    return faultAddress;
  }

  /**
   * Walks tables of stage 1.
   *
   * @param reach what translates the addresses of the tables themselves
   * @param space where the walk cache keeps pointers to them, untranslated
   * @param address one that the tables {@linkplain Tables#cover cover}
   * @param rights what the transaction needs, of {@link Leaf#rightsFor}; it decides whether a
   *     watched page becomes dirty, nothing else
   * @return a {@link Leaf}, or its fault
   */
  public long stage1(Tables tables, Reach reach, Space space, long address, long rights) {
    return walk(tables, reach, space, address, rights, true);
  }

  /** Walks tables of stage 2; faults are of {@link Leaf#fault} and say nothing of stages. */
  public long stage2(Tables tables, Space space, long ipa) {
    return walk(tables, Reach.PHYSICAL, space, ipa, 0, false);
  }

  private long walk(
      Tables tables, Reach reach, Space space, long address, long rights, boolean first) {
    int stride = tables.granuleShift() - 3;
    int level = tables.startLevel();
    int shift = tables.shiftOf(level);
    int indexBits = tables.inputBits() - shift;
    long table = tables.base() & -(8L << indexBits);
    long inherited = 0;
    steps = 0;
    long known = tlb.findTable(space, address);
    if (known != Leaf.MISS) {
      table = Leaf.tableAddress(known);
      inherited = Leaf.tableInherited(known);
      indexBits = stride;
      for (; shift >= Leaf.shift(known); shift -= stride) {
        level++;
      }
    }
    for (; ; level++) {
      long at = reach.locate(table + 8 * (address >>> shift & ((1L << indexBits) - 1)));
      if (at < 0) {
        return at;
      }
      if (!dram.covers(at, Long.BYTES)) {
        faultAddress = at;
        return Leaf.fault(Leaf.EXTERNAL_ABORT);
      }
      long descriptor = dram.getLong(at);
      steps++;
      if ((descriptor & VALID) == 0) {
        return Leaf.fault(Leaf.TRANSLATION);
      }
      if (level == Tables.LAST_LEVEL || (descriptor & TABLE_OR_PAGE) == 0) {
        if (!mayBeLeaf(descriptor, level, tables)) {
          return Leaf.fault(Leaf.TRANSLATION);
        }
        long pa = output(descriptor, tables) & -1L << shift;
        if (pa >>> tables.outputBits() != 0) {
          return Leaf.fault(Leaf.ADDRESS_SIZE);
        }
        return first
            ? leaf1(tables, at, descriptor, inherited, pa, shift, rights)
            : leaf2(descriptor, pa, shift);
      }
      table = output(descriptor, tables);
      if (table >>> tables.outputBits() != 0) {
        return Leaf.fault(Leaf.ADDRESS_SIZE);
      }
      inherited |= descriptor;
      tlb.fillTable(space, address, Leaf.table(table, shift, inherited));
      shift -= stride;
      indexBits = stride;
    }
  }

  private static long output(long descriptor, Tables tables) {
    long low = descriptor & ADDRESS_47 & -1L << tables.granuleShift();
    return tables.granuleShift() == 16 ? low | (descriptor & 0xf000) << 36 : low;
  }

  /** A block of level 1 needs 4 KiB tables, or 64 KiB tables and addresses of 52 bits. */
  private static boolean mayBeLeaf(long descriptor, int level, Tables tables) {
    if (level == Tables.LAST_LEVEL) {
      return (descriptor & TABLE_OR_PAGE) != 0;
    }
    return level == 2
        || (level == 1
            && (tables.granuleShift() == 12
                || (tables.granuleShift() == 16 && tables.outputBits() > 48)));
  }

  private long leaf1(
      Tables tables, long at, long descriptor, long inherited, long pa, int shift, long rights) {
    long now = descriptor;
    if ((now & ACCESS_FLAG) == 0) {
      if (tables.updates() == Tables.Updates.NONE) {
        return Leaf.fault(Leaf.ACCESS_FLAG);
      }
      now |= ACCESS_FLAG;
    }
    boolean watched =
        tables.updates() == Tables.Updates.ACCESS_FLAG_AND_DIRTY
            && (now & (DBM | AP_READ_ONLY)) == (DBM | AP_READ_ONLY);
    long marks = (now & NOT_GLOBAL) == 0 ? Leaf.GLOBAL : 0;
    if (watched) {
      int ifDirty = rights(now & ~AP_READ_ONLY, inherited);
      if ((rights & WRITES) != 0 && Leaf.allows(ifDirty, rights & WRITES)) {
        now &= ~AP_READ_ONLY;
      } else {
        marks |= Leaf.CLEAN;
      }
    }
    if (now != descriptor) {
      dram.putLong(at, now);
    }
    return Leaf.ofStage1(pa, shift, rights(now, inherited)) | marks;
  }

  private static long leaf2(long descriptor, long pa, int shift) {
    if ((descriptor & ACCESS_FLAG) == 0) {
      return Leaf.fault(Leaf.ACCESS_FLAG);
    }
    int data = (int) (descriptor >>> HAP_SHIFT) & (Leaf.READ | Leaf.WRITE);
    return Leaf.ofStage2(pa, shift, (descriptor & UXN) == 0 ? data | Leaf.EXECUTE : data);
  }

  /** What the leaf grants and no table on the way to it takes away. Arm ARM, D8.4. */
  private static int rights(long descriptor, long inherited) {
    boolean writable = (descriptor & AP_READ_ONLY) == 0 && (inherited & AP_TABLE_READ_ONLY) == 0;
    boolean unprivileged =
        (descriptor & AP_UNPRIVILEGED) != 0 && (inherited & AP_TABLE_NO_UNPRIVILEGED) == 0;
    boolean uxn = (descriptor & UXN) != 0 || (inherited & UXN_TABLE) != 0;
    boolean pxn = (descriptor & PXN) != 0 || (inherited & PXN_TABLE) != 0;

    int data = writable ? Leaf.READ | Leaf.WRITE : Leaf.READ;
    int rights = data << Leaf.PRIVILEGED_SHIFT;
    if (unprivileged) {
      rights |= data;
    }
    if (!uxn) {
      rights |= Leaf.EXECUTE;
    }
    // What unprivileged code can write, privileged code never executes.
    if (!pxn && !(unprivileged && writable)) {
      rights |= Leaf.EXECUTE << Leaf.PRIVILEGED_SHIFT;
    }
    return rights;
  }
}
