package org.smmulator.hw.smmuv2;

import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv2.Cb;

/**
 * Reads VMSAv8-64 stage-1 tables out of memory, of any granule. Arm ARM, D8.2 and D8.3.
 *
 * <pre>
 *  63  62  61 60 59 58  55 54  53    47                12 11 10 9 8 7  6 5    2  1 0
 * +---+-----+--+--+-------+---+---+-+--------------------+--+--+---+-----+------+-+-+
 * |NS |APTab|UX|PX|  ign  |UXN|PXN| |   output address   |nG|AF|SH |AP2:1| attr |T|V|
 * +---+-----+--+--+-------+---+---+-+--------------------+--+--+---+-----+------+-+-+
 *   only in a table entry  only in a leaf; T: 1 a table, or a page at level 3; 0 a block
 * </pre>
 */
final class Walker {
  private static final int LAST_LEVEL = 3;

  private static final long VALID = 1;
  private static final long TABLE_OR_PAGE = 1L << 1;
  private static final long AP_UNPRIVILEGED = 1L << 6;
  private static final long AP_READ_ONLY = 1L << 7;
  private static final long ACCESS_FLAG = 1L << 10;
  private static final long NOT_GLOBAL = 1L << 11;
  private static final long PXN = 1L << 53;
  private static final long UXN = 1L << 54;
  private static final long PXN_TABLE = 1L << 59;
  private static final long UXN_TABLE = 1L << 60;
  private static final long AP_TABLE_NO_UNPRIVILEGED = 1L << 61;
  private static final long AP_TABLE_READ_ONLY = 1L << 62;
  private static final long OUTPUT_ADDRESS = (1L << 48) - 1;

  private static final int TF = Cb.FSR_TF.mask();
  private static final int AFF = Cb.FSR_AFF.mask();
  private static final int ASF = Cb.FSR_ASF.mask();
  private static final int EF = Cb.FSR_EF.mask();

  private final Dram dram;
  private int steps;

  Walker(Dram dram) {
    this.dram = dram;
  }

  /** How many descriptors the last walk read. */
  int steps() {
    return steps;
  }

  /**
   * Walks the tables of one half of the address space.
   *
   * @param ttbr the base register
   * @param inputBits how many low bits of {@code iova} the tables resolve
   * @param granuleShift 12, 14 or 16
   * @param outputBits how wide an output address may be
   * @return a {@link Leaf}, or its fault
   */
  long walk(long ttbr, int inputBits, int granuleShift, int outputBits, long iova) {
    int stride = granuleShift - 3;
    int levels = (inputBits - granuleShift + stride - 1) / stride;
    int shift = granuleShift + stride * (levels - 1);
    int indexBits = inputBits - shift;
    long table = ttbr & OUTPUT_ADDRESS & -(8L << indexBits);
    long inherited = 0;
    steps = 0;
    if (table >>> outputBits != 0) {
      return Leaf.fault(ASF, 0);
    }
    for (int level = LAST_LEVEL + 1 - levels; ; level++) {
      long at = table + 8 * (iova >>> shift & (1L << indexBits) - 1);
      if (!dram.covers(at, Long.BYTES)) {
        return Leaf.fault(EF, level);
      }
      long descriptor = dram.getLong(at);
      steps++;
      if ((descriptor & VALID) == 0) {
        return Leaf.fault(TF, level);
      }
      if (level == LAST_LEVEL || (descriptor & TABLE_OR_PAGE) == 0) {
        return leaf(descriptor, level, shift, granuleShift, outputBits, inherited);
      }
      table = descriptor & OUTPUT_ADDRESS & -1L << granuleShift;
      if (table >>> outputBits != 0) {
        return Leaf.fault(ASF, level);
      }
      inherited |= descriptor;
      shift -= stride;
      indexBits = stride;
    }
  }

  private static long leaf(
      long descriptor, int level, int shift, int granuleShift, int outputBits, long inherited) {
    boolean wellFormed =
        level == LAST_LEVEL
            ? (descriptor & TABLE_OR_PAGE) != 0
            : level == 2 || (level == 1 && granuleShift == 12);
    if (!wellFormed) {
      return Leaf.fault(TF, level);
    }
    long pa = descriptor & OUTPUT_ADDRESS & -1L << shift;
    if (pa >>> outputBits != 0) {
      return Leaf.fault(ASF, level);
    }
    if ((descriptor & ACCESS_FLAG) == 0) {
      return Leaf.fault(AFF, level);
    }
    boolean global = (descriptor & NOT_GLOBAL) == 0;
    return Leaf.of(pa, shift, rights(descriptor, inherited), global);
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
