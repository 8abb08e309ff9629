package org.smmulator.kernel.mm;

/**
 * Descriptors of a process's pagetable: VMSAv8-64 stage 1, 4 KiB granule.
 *
 * <pre>
 *  63   59 58  55 54  53  52  50 49 48 47            12 11 10  9 8  7 6  5  4  2 1 0
 * +-------+------+---+---+------+-----+----------------+--+--+----+----+--+-----+---+
 * |       |  sw  |UXN|PXN|      |     | output address |nG|AF| SH | AP |NS|Attr |1 1|
 * +-------+------+---+---+------+-----+----------------+--+--+----+----+--+-----+---+
 * </pre>
 *
 * <p>Arm ARM D8.3. Kernel: {@code arch/arm64/include/asm/pgtable-prot.h}, {@code PAGE_SHARED} and
 * its kin; index 0 of MAIR is {@code MT_NORMAL}.
 */
final class UserPte {
  static final long VALID = 1L;
  static final long TABLE_OR_PAGE = 0b11;
  static final long OUTPUT_ADDRESS = 0x0000_ffff_ffff_f000L;

  /** Normal memory, not cached: {@code MT_NORMAL_NC}, index 2 of MAIR. */
  static final long UNCACHED = 2L << 2;

  private static final long USER = 1L << 6;
  static final long READ_ONLY = 1L << 7;
  private static final long INNER_SHAREABLE = 0b11L << 8;
  private static final long ACCESSED = 1L << 10;
  private static final long NOT_GLOBAL = 1L << 11;
  private static final long NO_PRIVILEGED_EXECUTE = 1L << 53;
  private static final long NO_USER_EXECUTE = 1L << 54;

  /** A bit that is software's: devices write to the page too. */
  static final long SHARED_WITH_DEVICES = 1L << 58;

  private UserPte() {}

  /** The descriptor that lets a process use the page at {@code pa} as {@code prot} says. */
  static long page(long pa, int prot, boolean sharedWithDevices) {
    return pa
        | TABLE_OR_PAGE
        | USER
        | INNER_SHAREABLE
        | ACCESSED
        | NOT_GLOBAL
        | NO_PRIVILEGED_EXECUTE
        | ((prot & Prot.WRITE) == 0 ? READ_ONLY : 0)
        | ((prot & Prot.EXEC) == 0 ? NO_USER_EXECUTE : 0)
        | (sharedWithDevices ? SHARED_WITH_DEVICES : 0);
  }

  static long table(long pa) {
    return pa | TABLE_OR_PAGE;
  }

  static boolean isValid(long pte) {
    return (pte & VALID) != 0;
  }

  static long pa(long pte) {
    return pte & OUTPUT_ADDRESS;
  }
}
