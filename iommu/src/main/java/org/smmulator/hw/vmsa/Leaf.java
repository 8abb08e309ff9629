package org.smmulator.hw.vmsa;

import org.smmulator.hw.bus.BusMaster;

/**
 * The result of a walk, as the TLB keeps it: where a page or block leads and who may use it, in a
 * {@code long}. A negative {@code long} is a fault instead.
 *
 * <pre>
 *  63 62  57 56  55  54     52 51                    12 11    6 5       3 2       0
 * +--+------+-+-----+---------+------------------------+-------+---------+---------+
 * |0 |first |G|clean| stage 2 |    output address      | shift | priv    | unpriv  |
 * +--+------+-+-----+-X--W--R-+------------------------+-------+-X--W--R-+-X--W--R-+
 *
 *  a fault: the complement of
 *  63                 8 7    6 5     4    3     2    0
 * +--------------------+------+-------+--------+------+
 * |         0          |level | class | stage2 | kind |
 * +--------------------+------+-------+--------+------+
 *
 *  a pointer to a table, in the walk cache
 *  63    52 51                    12 11    6 5    4 3         0
 * +--------+------------------------+-------+------+-----------+
 * |   0    |   address of the table | shift |  0   | bits 62:59|
 * +--------+------------------------+-------+------+-----------+
 * </pre>
 *
 * <p>G: nG was clear, so the entry holds under every ASID. Clean: a write is allowed but must be
 * noted in the descriptor first. Shift: the entry covers {@code 1 << shift} bytes. First: the same
 * of stage 1's descriptor, if stage 2 cut it smaller; else 0. A stage that is not in use allows
 * everything. Level: of the descriptor that faulted. Class: the input of stage 2 when it faulted.
 * Bits 62:59 of the table entries on the way, or-ed: the rights that they remove.
 */
public final class Leaf {
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int EXECUTE = 4;

  /** The answer of a TLB that has no entry. No leaf is zero, because a leaf has a size. */
  public static final long MISS = 0;

  /** Fault: no valid descriptor, or an address that no table covers. */
  public static final int TRANSLATION = 1;

  /** Fault: an output address is wider than was configured. */
  public static final int ADDRESS_SIZE = 2;

  /** Fault: the access flag is clear. */
  public static final int ACCESS_FLAG = 3;

  /** Fault: the descriptors do not grant the access. */
  public static final int PERMISSION = 4;

  /** Fault: the bus refused the read of a descriptor. */
  public static final int EXTERNAL_ABORT = 5;

  /** Stage 2 was fetching the descriptor of a context. */
  public static final int CLASS_CONTEXT = 0;

  /** Stage 2 was fetching a descriptor of stage 1. */
  public static final int CLASS_TABLE = 1;

  /** Stage 2 was translating the transaction's own address. */
  public static final int CLASS_INPUT = 2;

  static final int PRIVILEGED_SHIFT = 3;
  static final long GLOBAL = 1L << 56;
  static final long CLEAN = 1L << 55;

  private static final int FIRST_SHIFT = 57;
  private static final int SHIFT_MASK = 0x3f;
  private static final int TAKEN_SHIFT = 59;
  private static final long TAKEN = 0xf;
  private static final int STAGE2_SHIFT = 52;
  private static final long ADDRESS = (1L << 52) - 1;
  private static final int PAGE_SHIFT = 12;
  private static final long PAGE_OFFSET = (1L << PAGE_SHIFT) - 1;
  private static final long PAGE_ADDRESS = ADDRESS & ~PAGE_OFFSET;
  private static final long ALL_STAGE1 = 0x3f;
  private static final long ALL_STAGE2 = 7L << STAGE2_SHIFT;
  private static final long RIGHTS = ALL_STAGE1 | ALL_STAGE2;
  private static final int FAULT_STAGE2 = 1 << 3;
  private static final int FAULT_CLASS_SHIFT = 4;
  private static final int FAULT_LEVEL_SHIFT = 6;

  private Leaf() {}

  static long ofStage1(long pa, int shift, int rights) {
    return pa | (long) shift << 6 | rights | ALL_STAGE2;
  }

  static long ofStage2(long pa, int shift, int rights) {
    return pa | (long) shift << 6 | (long) rights << STAGE2_SHIFT | ALL_STAGE1;
  }

  public static int shift(long leaf) {
    return (int) (leaf >>> 6) & SHIFT_MASK;
  }

  /**
   * The shift of the descriptor that software wrote: more than {@link #shift} if stage 2 cut the
   * entry smaller. An invalidation that says a level means this.
   */
  static int writtenShift(long leaf) {
    int first = (int) (leaf >>> FIRST_SHIFT) & SHIFT_MASK;
    return first == 0 ? shift(leaf) : first;
  }

  public static boolean isGlobal(long leaf) {
    return (leaf & GLOBAL) != 0;
  }

  /** True if the next write must be noted in the descriptor. */
  public static boolean isClean(long leaf) {
    return (leaf & CLEAN) != 0;
  }

  /** Translates {@code address}, which is inside the page or block. */
  public static long pa(long leaf, long address) {
    long inside = (1L << shift(leaf)) - 1;
    return (leaf & ADDRESS & ~inside) | (address & inside);
  }

  /** The 4 KiB page of {@code address} alone, with the rights of {@code leaf}. */
  static long ofPage(long leaf, long address) {
    return (pa(leaf, address) & PAGE_ADDRESS) | PAGE_SHIFT << 6 | (leaf & (RIGHTS | CLEAN));
  }

  /** As {@link #pa}, of a leaf that {@link Tlb#findPage} returned. */
  public static long paInPage(long page, long address) {
    return (page & PAGE_ADDRESS) | (address & PAGE_OFFSET);
  }

  /**
   * The rights that a transaction needs, at the bits of both stages. An instruction fetch needs to
   * execute, not to read.
   */
  public static long rightsFor(int access) {
    int kind = (access & BusMaster.INSTRUCTION) != 0 ? EXECUTE : access & (READ | WRITE);
    int stage1 = (access & BusMaster.PRIVILEGED) != 0 ? kind << PRIVILEGED_SHIFT : kind;
    return stage1 | (long) kind << STAGE2_SHIFT;
  }

  /** True if {@code leaf} grants {@code rights}, which {@link #rightsFor} made. */
  public static boolean allows(long leaf, long rights) {
    return (leaf & rights) == rights;
  }

  /** True if it is stage 1 that refuses {@code rights}. */
  public static boolean stage1Refuses(long leaf, long rights) {
    return !allows(leaf, rights & ALL_STAGE1);
  }

  /**
   * Both stages in one.
   *
   * @param ipa the output of stage 1
   * @param stage2 the leaf of stage 2 for {@code ipa}
   */
  public static long nested(long stage1, long ipa, long stage2) {
    int first = shift(stage1);
    int shift = Math.min(first, shift(stage2));
    long pa = pa(stage2, ipa) & -1L << shift;
    return pa
        | (long) shift << 6
        | (long) first << FIRST_SHIFT
        | (stage1 & (GLOBAL | CLEAN))
        | (stage1 & stage2 & RIGHTS);
  }

  /** A fault of the descriptor at {@code level}. */
  public static long fault(int kind, int level) {
    return ~(long) (kind | level << FAULT_LEVEL_SHIFT);
  }

  /** {@code fault} as one of stage 2 while it translated something of {@code ofClass}. */
  public static long stage2Fault(long fault, int ofClass) {
    return fault & ~(long) (FAULT_STAGE2 | ofClass << FAULT_CLASS_SHIFT);
  }

  /**
   * A pointer to a table.
   *
   * @param shift of what its entry covers
   * @param inherited the table entries on the way, or-ed together
   */
  static long table(long address, int shift, long inherited) {
    return address | (long) shift << 6 | (inherited >>> TAKEN_SHIFT & TAKEN);
  }

  static long tableAddress(long table) {
    return table & PAGE_ADDRESS;
  }

  /** Bits 62:59 that {@link #table} was given. */
  static long tableInherited(long table) {
    return (table & TAKEN) << TAKEN_SHIFT;
  }

  public static boolean isFault(long leaf) {
    return leaf < 0;
  }

  public static int kind(long fault) {
    return (int) ~fault & 7;
  }

  public static int level(long fault) {
    return (int) (~fault >>> FAULT_LEVEL_SHIFT) & 3;
  }

  public static boolean isStage2(long fault) {
    return (~fault & FAULT_STAGE2) != 0;
  }

  public static int faultClass(long fault) {
    return (int) (~fault >>> FAULT_CLASS_SHIFT) & 3;
  }
}
