package org.smmulator.hw.sysmmu;

import org.smmulator.hw.bus.BusMaster;

/**
 * What a walk found and the TLB keeps: where a page leads and who may use it, in a {@code long}. A
 * negative {@code long} is why there is none.
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

  /** Nothing is mapped. */
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

  /** Whether a transaction may pass. What it fetches to execute it only has to read. */
  static boolean allows(long leaf, int access) {
    int needed = access & (READ | WRITE);
    return (leaf & needed) == needed;
  }

  /** Where {@code iova}, an address inside the page, leads. */
  static long pa(long leaf, long iova) {
    long inside = (1L << shift(leaf)) - 1;
    return (leaf & ADDRESS & ~inside) | (iova & inside);
  }
}
