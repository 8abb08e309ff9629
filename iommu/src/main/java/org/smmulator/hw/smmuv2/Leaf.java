package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.BusMaster;

/**
 * What a walk found and the TLB keeps: where a page or block leads and who may use it, in a {@code
 * long}. A negative {@code long} is a fault instead.
 *
 * <pre>
 *  63 62   49 48 47                    12 11    6 5       3 2       0
 * +--+-------+--+------------------------+-------+---------+---------+
 * |0 |   0   |G |    output address      | shift | priv    | unpriv  |
 * +--+-------+--+------------------------+-------+-X--W--R-+-X--W--R-+
 *
 *  a fault: the complement of
 *  63         34 33     2 1     0
 * +-------------+--------+-------+
 * |      0      | FSR    | level |
 * +-------------+--------+-------+
 *
 *  a table:
 *  63    48 47                    12 11    6 5   4 3            0
 * +--------+------------------------+-------+-----+--------------+
 * |   0    |    table's address     | shift |  0  |  bits 62:59  |
 * +--------+------------------------+-------+-----+--------------+
 * </pre>
 *
 * <p>G: nG was clear, so the entry holds under every ASID. Shift: the entry covers {@code 1 <<
 * shift} bytes.
 */
public final class Leaf {
  static final int READ = 1;
  static final int WRITE = 2;
  static final int EXECUTE = 4;
  static final int PRIVILEGED_SHIFT = 3;

  private static final long GLOBAL = 1L << 48;
  private static final long ADDRESS = (1L << 48) - 1;

  private static final int SHIFT = 6;
  private static final long RIGHTS = (1L << SHIFT) - 1;
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_OFFSET = (1L << PAGE_SHIFT) - 1;
  private static final long PAGE_ADDRESS = ADDRESS & ~PAGE_OFFSET;

  private static final int TABLE_RIGHTS_SHIFT = 59;
  private static final int TABLE_RIGHTS = 0xf;

  private Leaf() {}

  /**
   * A pointer to a table.
   *
   * @param shift the entry that points to it covers {@code 1 << shift} bytes
   * @param inherited bits 62:59 of all entries on the way to it, or-ed
   */
  static long table(long address, int shift, long inherited) {
    return address | (long) shift << 6 | (inherited >>> TABLE_RIGHTS_SHIFT & TABLE_RIGHTS);
  }

  static long tableAddress(long table) {
    return table & ADDRESS & -4096L;
  }

  /** Bits 62:59 where {@link #table} got them. */
  static long tableInherited(long table) {
    return (table & TABLE_RIGHTS) << TABLE_RIGHTS_SHIFT;
  }

  static long of(long pa, int shift, int rights, boolean global) {
    return pa | (long) shift << 6 | rights | (global ? GLOBAL : 0);
  }

  static boolean isGlobal(long leaf) {
    return (leaf & GLOBAL) != 0;
  }

  public static int shift(long leaf) {
    return (int) (leaf >>> 6) & 0x3f;
  }

  public static boolean allows(long leaf, int rights) {
    return (leaf & rights) == rights;
  }

  /** Where {@code iova}, an address inside the page or block, leads. */
  public static long pa(long leaf, long iova) {
    long inside = (1L << shift(leaf)) - 1;
    return (leaf & ADDRESS & ~inside) | (iova & inside);
  }

  /** What {@code leaf} says of the 4 KiB page of {@code iova} alone. */
  static long ofPage(long leaf, long iova) {
    return of(pa(leaf, iova) & PAGE_ADDRESS, PAGE_SHIFT, (int) (leaf & RIGHTS), isGlobal(leaf));
  }

  /** As {@link #pa}, of what {@link #ofPage} made. */
  static long paInPage(long page, long iova) {
    return (page & PAGE_ADDRESS) | (iova & PAGE_OFFSET);
  }

  /** The rights that a transaction needs. An instruction fetch needs to execute, not to read. */
  public static int rightsFor(int access) {
    int kind = (access & BusMaster.INSTRUCTION) != 0 ? EXECUTE : access & (READ | WRITE);
    return (access & BusMaster.PRIVILEGED) != 0 ? kind << PRIVILEGED_SHIFT : kind;
  }

  public static long fault(int fsrBits, int level) {
    return ~(Integer.toUnsignedLong(fsrBits) << 2 | level);
  }

  public static boolean isFault(long leaf) {
    return leaf < 0;
  }

  /** The bits of FSR that say what went wrong. */
  static int faultBits(long fault) {
    return (int) (~fault >>> 2);
  }

  static int faultLevel(long fault) {
    return (int) ~fault & 3;
  }
}
