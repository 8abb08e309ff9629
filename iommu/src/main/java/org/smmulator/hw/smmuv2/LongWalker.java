package org.smmulator.hw.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv2.Cb;

/**
 * Reads tables of long descriptors out of memory, VMSAv8-64 of either stage and any granule, and
 * AArch32's. Arm ARM, D8.2 and D8.3; Arm ARM (ARMv7-A), B3.6.
 *
 * <p>What is drawn is stage 1. A leaf of stage 2 has S2AP, read and write, in bits 7:6, XN in bit
 * 54 and no nG; its table entries take no rights away. In AArch32 XN, which stands where UXN does,
 * is for everyone.
 *
 * <pre>
 *  63  62  61 60 59 58  55 54  53    47                12 11 10 9 8 7  6 5    2  1 0
 * +---+-----+--+--+-------+---+---+-+--------------------+--+--+---+-----+------+-+-+
 * |NS |APTab|UX|PX|  ign  |UXN|PXN| |   output address   |nG|AF|SH |AP2:1| attr |T|V|
 * +---+-----+--+--+-------+---+---+-+--------------------+--+--+---+-----+------+-+-+
 *   only in a table entry  only in a leaf; T: 1 a table, or a page at level 3; 0 a block
 * </pre>
 */
final class LongWalker implements Walker {
  private static final int LAST_LEVEL = 3;

  private static final long VALID = 1;
  private static final long TABLE_OR_PAGE = 1L << 1;
  private static final long AP_UNPRIVILEGED = 1L << 6;
  private static final long AP_READ_ONLY = 1L << 7;
  private static final long S2AP_READ = 1L << 6;
  private static final long S2AP_WRITE = 1L << 7;
  private static final long ACCESS_FLAG = 1L << 10;
  private static final long NOT_GLOBAL = 1L << 11;
  private static final long PXN = 1L << 53;
  private static final long UXN = 1L << 54;
  private static final long PXN_TABLE = 1L << 59;
  private static final long UXN_TABLE = 1L << 60;
  private static final long AP_TABLE_NO_UNPRIVILEGED = 1L << 61;
  private static final long AP_TABLE_READ_ONLY = 1L << 62;
  static final long OUTPUT_ADDRESS = (1L << 48) - 1;

  private static final int TF = Cb.FSR_TF.mask();
  private static final int AFF = Cb.FSR_AFF.mask();
  private static final int ASF = Cb.FSR_ASF.mask();
  private static final int EF = Cb.FSR_EF.mask();

  /** How a leaf says who may use it. */
  enum Format {
    STAGE_1,
    STAGE_1_AARCH32,
    STAGE_2
  }

  private final Dram dram;
  private final Format format;
  private int steps;

  LongWalker(Dram dram, Format format) {
    this.dram = dram;
    this.format = format;
  }

  @Override
  public int steps() {
    return steps;
  }

  @Override
  public int levelOf(TableShape shape, int shift) {
    if (!shape.isOpen()) {
      return LAST_LEVEL; // the tables that the leaf came from are not described any more
    }
    return LAST_LEVEL - (shift - shape.granuleShift) / (shape.granuleShift - 3);
  }

  @Override
  public long walk(TableShape shape, long address, BankTlb cache, @Nullable TableMemory tables) {
    int granuleShift = shape.granuleShift;
    int outputBits = shape.outputBits;
    int stride = granuleShift - 3;
    int level = shape.startLevel;
    int shift = granuleShift + stride * (LAST_LEVEL - level);
    int indexBits = shape.rootBits;
    long table = shape.root;
    long inherited = 0;
    steps = 0;
    long known = cache.findTable(address);
    if (known != Tlb.MISS) {
      table = Leaf.tableAddress(known);
      inherited = Leaf.tableInherited(known);
      indexBits = stride;
      while (shift >= Leaf.shift(known)) {
        shift -= stride;
        level++;
      }
    } else if (table >>> outputBits != 0) {
      return Leaf.fault(ASF, 0);
    }
    for (; ; level++) {
      long at = table + 8 * (address >>> shift & (1L << indexBits) - 1);
      if (tables != null) {
        at = tables.locate(at);
        if (Leaf.isFault(at)) {
          return at;
        }
      }
      if (!dram.covers(at, Long.BYTES)) {
        return Leaf.fault(EF, level);
      }
      long descriptor = dram.getLong(at);
      steps++;
      if ((descriptor & VALID) == 0) {
        return Leaf.fault(TF, level);
      }
      if (level == LAST_LEVEL || (descriptor & TABLE_OR_PAGE) == 0) {
        return leaf(shape, descriptor, level, shift, inherited);
      }
      table = descriptor & OUTPUT_ADDRESS & -1L << granuleShift;
      if (table >>> outputBits != 0) {
        return Leaf.fault(ASF, level);
      }
      inherited |= descriptor;
      cache.fillTable(address, Leaf.table(table, shift, inherited));
      shift -= stride;
      indexBits = stride;
    }
  }

  private long leaf(TableShape shape, long descriptor, int level, int shift, long inherited) {
    boolean wellFormed =
        level == LAST_LEVEL
            ? (descriptor & TABLE_OR_PAGE) != 0
            : level == 2 || (level == 1 && shape.granuleShift == 12);
    if (!wellFormed) {
      return Leaf.fault(TF, level);
    }
    long pa = descriptor & OUTPUT_ADDRESS & -1L << shift;
    if (pa >>> shape.outputBits != 0) {
      return Leaf.fault(ASF, level);
    }
    if ((descriptor & ACCESS_FLAG) == 0) {
      return Leaf.fault(AFF, level);
    }
    if (format == Format.STAGE_2) {
      return Leaf.of(pa, shift, stage2Rights(descriptor), false);
    }
    boolean global = (descriptor & NOT_GLOBAL) == 0;
    int rights =
        format == Format.STAGE_1
            ? rights(descriptor, inherited)
            : rightsOfAArch32(descriptor, inherited);
    return Leaf.of(pa, shift, rights, global);
  }

  /** What stage 2 grants, it grants to everyone. Arm ARM, D8.4.2. */
  private static int stage2Rights(long descriptor) {
    int rights =
        ((descriptor & S2AP_READ) != 0 ? Leaf.READ : 0)
            | ((descriptor & S2AP_WRITE) != 0 ? Leaf.WRITE : 0)
            | ((descriptor & UXN) == 0 ? Leaf.EXECUTE : 0);
    return rights | rights << Leaf.PRIVILEGED_SHIFT;
  }

  /** What the leaf grants and no table on the way to it takes away. Arm ARM, D8.4. */
  private static int rights(long descriptor, long inherited) {
    int rights = dataRights(descriptor, inherited);
    boolean uxn = (descriptor & UXN) != 0 || (inherited & UXN_TABLE) != 0;
    boolean pxn = (descriptor & PXN) != 0 || (inherited & PXN_TABLE) != 0;
    if (!uxn) {
      rights |= Leaf.EXECUTE;
    }
    // What unprivileged code can write, privileged code never executes.
    if (!pxn && (rights & Leaf.WRITE) == 0) {
      rights |= Leaf.EXECUTE << Leaf.PRIVILEGED_SHIFT;
    }
    return rights;
  }

  /** Arm ARM (ARMv7-A), B3.7.2: only what may be read may be executed. */
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
