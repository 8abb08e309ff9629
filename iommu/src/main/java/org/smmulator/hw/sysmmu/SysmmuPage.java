package org.smmulator.hw.sysmmu;

import org.smmulator.hw.bus.BusMaster;

/**
 * The result of a walk, as the TLB keeps it: where a page leads and how it may be used, in a {@code
 * long}. A negative {@code long} is a fault instead.
 *
 * <pre>
 *  63 62  36 35             12 11    6 5   2 1 0
 * +--+------+-----------------+-------+-----+-+-+
 * |0 |   0  | output address  | shift |  0  |W|R|
 * +--+------+-----------------+-------+-----+-+-+
 * </pre>
 *
 * <p>Shift: the entry covers {@code 1 << shift} bytes.
 */
final class SysmmuPage {
  static final int READ = BusMaster.READ;
  static final int WRITE = BusMaster.WRITE;

  /** No memory answers where a table should be. */
  static final long NO_TABLE = -1;

  /** Fault: nothing is mapped. */
  static final long HOLE = -2;

  /** Two entries of the TLB claim the iova. */
  static final long TWO = -3;

  private static final long ADDRESS = (1L << 36) - 1;

  private SysmmuPage() {}

  static long of(long pa, int shift, int rights) {
    return (pa & -1L << shift) | (long) shift << 6 | rights;
  }

  static int shift(long leaf) {
    return (int) (leaf >>> 6) & 0x3f;
  }

  /** True if a transaction may pass. An instruction fetch needs to read. */
  static boolean allows(long leaf, int access) {
    int needed = access & (READ | WRITE);
    return (leaf & needed) == needed;
  }

  /** Translates {@code iova}, an address inside the page. */
  static long pa(long leaf, long iova) {
    long inside = (1L << shift(leaf)) - 1;
    return (leaf & ADDRESS & ~inside) | (iova & inside);
  }
}
