package org.smmulator.hw.vmsa;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;

/**
 * Reads tables out of memory: VMSAv8-64 of either stage and any granule, and AArch32's. This class
 * reads long descriptors, {@link ShortDescriptors} the others. Arm ARM, D8.2 and D8.3; Arm ARM
 * (ARMv7-A), B3.6.
 *
 * <pre>
 *  63  62  61 60 59 58 55 54  53 52 51 50  47                12 11 10 9 8 7  6 5    2  1 0
 * +---+-----+--+--+------+---+---+-+---+--+--------------------+--+--+---+-----+------+-+-+
 * |NS |APTab|UX|PX| ign  |UXN|PXN| |DBM|  |   output address   |nG|AF|SH |AP2:1| attr |T|V|
 * +---+-----+--+--+------+---+---+-+---+--+--------------------+--+--+---+-----+------+-+-+
 *   only in a table entry only in a leaf; T: 1 a table, or a page at level 3; 0 a block
 *
 *  of stage 2, where it differs:  54 XN      7:6 S2AP (write, read)    no nG, no APTable
 *  AArch32, where it differs:     54 XN, for everyone
 *  64 KiB granule, FEAT_LPA:      15:12 are bits 51:48 of the output address
 * </pre>
 */
public final class Walker {
  /** The stage 2 through which the addresses of stage 1's descriptors go. */
  @FunctionalInterface
  public interface SecondStage {
    /** The physical address of the descriptor at {@code ipa}, or a fault of {@link Leaf}. */
    long locate(long ipa);
  }

  private static final long VALID = 1;
  private static final long TABLE_OR_PAGE = 1L << 1;
  private static final long AP_UNPRIVILEGED = 1L << 6;
  private static final long AP_READ_ONLY = 1L << 7;
  private static final int S2AP_SHIFT = 6;
  private static final long ACCESS_FLAG = 1L << 10;
  private static final long NOT_GLOBAL = 1L << 11;
  private static final long DBM = 1L << 51;
  private static final long PXN = 1L << 53;
  private static final long UXN = 1L << 54;
  private static final long PXN_TABLE = 1L << 59;
  private static final long UXN_TABLE = 1L << 60;
  private static final long AP_TABLE_NO_UNPRIVILEGED = 1L << 61;
  private static final long AP_TABLE_READ_ONLY = 1L << 62;
  private static final long WRITES = Leaf.WRITE | Leaf.WRITE << Leaf.PRIVILEGED_SHIFT;

  private final Dram dram;
  private final Tlb tlb;
  private final ShortDescriptors shortDescriptors;
  private int steps;
  private long faultAddress;

  /**
   * Makes a walker. Walks do not overlap: a stage 2 that serves a walk has another walker.
   *
   * @param tlb the TLB whose walk cache it fills and starts from
   */
  public Walker(Dram dram, Tlb tlb) {
    this.dram = dram;
    this.tlb = tlb;
    this.shortDescriptors = new ShortDescriptors(this, tlb);
  }

  /** How many descriptors the last walk read. */
  public int steps() {
    return steps;
  }

  /** The physical address of the descriptor that met the last external abort. */
  public long faultAddress() {
    return faultAddress;
  }

  /**
   * Walks, from the lowest table that the walk cache has.
   *
   * @param tables tables that {@linkplain Tables#cover cover} {@code address}
   * @param space where the walk cache keeps pointers to them, untranslated
   * @param rights what the transaction needs, of {@link Leaf#rightsFor}: decides whether a page
   *     that is marked with DBM becomes dirty, nothing else
   * @param second what translates the addresses of the tables; null if they are physical
   * @return a {@link Leaf}, or its fault
   */
  public long walk(
      Tables tables, Space space, long address, long rights, @Nullable SecondStage second) {
    steps = 0;
    return tables.format.isShort()
        ? shortDescriptors.walk(tables, space, address, second)
        : walkLong(tables, space, address, rights, second);
  }

  private long walkLong(
      Tables tables, Space space, long address, long rights, @Nullable SecondStage second) {
    int outputBits = tables.outputBits;
    int stride = tables.granuleShift - 3;
    int level = tables.startLevel;
    int shift = tables.startShift;
    int indexBits = tables.rootBits;
    long table = tables.root;
    long inherited = 0;
    long known = tlb.findTable(space, address);
    if (known != Leaf.MISS) {
      table = Leaf.tableAddress(known);
      inherited = Leaf.tableInherited(known);
      indexBits = stride;
      while (shift >= Leaf.shift(known)) {
        shift -= stride;
        level++;
      }
    } else if (table >>> outputBits != 0) {
      return Leaf.fault(Leaf.ADDRESS_SIZE, 0);
    }
    for (; ; level++) {
      long at = table + 8 * (address >>> shift & (1L << indexBits) - 1);
      if (second != null) {
        at = second.locate(at);
        if (Leaf.isFault(at)) {
          return at;
        }
      }
      if (!dram.covers(at, Long.BYTES)) {
        return externalAbort(at, level);
      }
      long descriptor = dram.getLong(at);
      steps++;
      if ((descriptor & VALID) == 0) {
        return Leaf.fault(Leaf.TRANSLATION, level);
      }
      if (level == Tables.LAST_LEVEL || (descriptor & TABLE_OR_PAGE) == 0) {
        return leaf(tables, at, descriptor, inherited, level, shift, rights);
      }
      table = output(descriptor, tables);
      if (table >>> outputBits != 0) {
        return Leaf.fault(Leaf.ADDRESS_SIZE, level);
      }
      inherited |= descriptor;
      tlb.fillTable(space, address, Leaf.table(table, shift, inherited));
      shift -= stride;
      indexBits = stride;
    }
  }

  /** Reads a short descriptor; the caller has checked that memory covers it. */
  int read32(long at) {
    steps++;
    return dram.getInt(at);
  }

  boolean covers32(long at) {
    return dram.covers(at, Integer.BYTES);
  }

  long externalAbort(long at, int level) {
    faultAddress = at;
    return Leaf.fault(Leaf.EXTERNAL_ABORT, level);
  }

  private long leaf(
      Tables tables, long at, long descriptor, long inherited, int level, int shift, long rights) {
    if (!mayBeLeaf(descriptor, level, tables)) {
      return Leaf.fault(Leaf.TRANSLATION, level);
    }
    long pa = output(descriptor, tables) & -1L << shift;
    if (pa >>> tables.outputBits != 0) {
      return Leaf.fault(Leaf.ADDRESS_SIZE, level);
    }
    if ((descriptor & ACCESS_FLAG) == 0 && tables.updates == Tables.Updates.NONE) {
      return Leaf.fault(Leaf.ACCESS_FLAG, level);
    }
    // Not a switch, which would read two arrays to find its case: this is on the path of a miss.
    if (tables.format == Tables.Format.STAGE_2) {
      return Leaf.ofStage2(pa, shift, stage2Rights(descriptor));
    }
    if (tables.format == Tables.Format.STAGE_1_AARCH32) {
      return Leaf.ofStage1(pa, shift, rightsOfAArch32(descriptor, inherited)) | global(descriptor);
    }
    return tables.updates == Tables.Updates.NONE
        ? Leaf.ofStage1(pa, shift, rights(descriptor, inherited)) | global(descriptor)
        : updated(tables, at, descriptor, inherited, pa, shift, rights);
  }

  private static long output(long descriptor, Tables tables) {
    return (descriptor & tables.lowMask) | (descriptor & tables.highMask) << 36;
  }

  /** A block of level 1 needs 4 KiB tables, or 64 KiB tables and addresses of 52 bits. */
  private static boolean mayBeLeaf(long descriptor, int level, Tables tables) {
    if (level == Tables.LAST_LEVEL) {
      return (descriptor & TABLE_OR_PAGE) != 0;
    }
    return level == 2
        || (level == 1
            && (tables.granuleShift == 12
                || (tables.granuleShift == 16 && tables.outputBits > 48)));
  }

  private static long global(long descriptor) {
    return (descriptor & NOT_GLOBAL) == 0 ? Leaf.GLOBAL : 0;
  }

  /** Sets the access flag and, for a write to a page marked with DBM, makes it writable. */
  private long updated(
      Tables tables, long at, long descriptor, long inherited, long pa, int shift, long rights) {
    long now = descriptor | ACCESS_FLAG;
    long marks = global(now);
    if (tables.updates == Tables.Updates.ACCESS_FLAG_AND_DIRTY
        && (now & (DBM | AP_READ_ONLY)) == (DBM | AP_READ_ONLY)) {
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

  /** Arm ARM, D8.4.2: stage 2 does not tell privilege apart. */
  private static int stage2Rights(long descriptor) {
    int data = (int) (descriptor >>> S2AP_SHIFT) & (Leaf.READ | Leaf.WRITE);
    return (descriptor & UXN) == 0 ? data | Leaf.EXECUTE : data;
  }

  /** The rights that the leaf grants and no table on the way to it removes. Arm ARM, D8.4. */
  private static int rights(long descriptor, long inherited) {
    int rights = dataRights(descriptor, inherited);
    boolean uxn = (descriptor & UXN) != 0 || (inherited & UXN_TABLE) != 0;
    boolean pxn = (descriptor & PXN) != 0 || (inherited & PXN_TABLE) != 0;
    if (!uxn) {
      rights |= Leaf.EXECUTE;
    }
    // Privileged code never executes a page that unprivileged code can write.
    if (!pxn && (rights & Leaf.WRITE) == 0) {
      rights |= Leaf.EXECUTE << Leaf.PRIVILEGED_SHIFT;
    }
    return rights;
  }

  /** Arm ARM (ARMv7-A), B3.7.2: only readable memory is executable. */
  private static int rightsOfAArch32(long descriptor, long inherited) {
    int rights = dataRights(descriptor, inherited);
    boolean xn = (descriptor & UXN) != 0 || (inherited & UXN_TABLE) != 0;
    boolean pxn = (descriptor & PXN) != 0 || (inherited & PXN_TABLE) != 0;
    if (!xn && (rights & Leaf.READ) != 0) {
      rights |= Leaf.EXECUTE;
    }
    if (!xn && !pxn) {
      rights |= Leaf.EXECUTE << Leaf.PRIVILEGED_SHIFT;
    }
    return rights;
  }

  private static int dataRights(long descriptor, long inherited) {
    boolean writable = (descriptor & AP_READ_ONLY) == 0 && (inherited & AP_TABLE_READ_ONLY) == 0;
    boolean unprivileged =
        (descriptor & AP_UNPRIVILEGED) != 0 && (inherited & AP_TABLE_NO_UNPRIVILEGED) == 0;
    int data = writable ? Leaf.READ | Leaf.WRITE : Leaf.READ;
    return unprivileged ? data << Leaf.PRIVILEGED_SHIFT | data : data << Leaf.PRIVILEGED_SHIFT;
  }
}
