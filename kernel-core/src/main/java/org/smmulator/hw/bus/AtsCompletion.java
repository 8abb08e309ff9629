package org.smmulator.hw.bus;

/**
 * What an IOMMU answers to a translation request: a {@code long} in the layout of a PCIe
 * Translation Completion Data Entry, or a negative status. From general knowledge of the PCI
 * Express Base Specification, section 10.2.3.
 *
 * <pre>
 *  63                        12  11  10  9  6    5      4     3    2   1   0
 * +----------------------------+---+---+-----+--------+------+-----+---+---+---+
 * |     translated address     | S | N |  0  | Global | Priv | Exe | U | W | R |
 * +----------------------------+---+---+-----+--------+------+-----+---+---+---+
 * </pre>
 *
 * <p>S: the entry covers more than 4 KiB; the lowest clear bit of the address, from bit 12 on, then
 * says how much: a clear bit 12 means 8 KiB. Neither R nor W: there is nothing, or nothing that the
 * device may use. Exe is said only if it was asked for, and Priv is whom the rights are for. N and
 * U (snoop, and untranslated access only) and Global are never set here.
 */
public final class AtsCompletion {
  /** Status UR: this device must not ask. */
  public static final long UNSUPPORTED_REQUEST = -1;

  /** Status CA: the IOMMU cannot find out. */
  public static final long COMPLETER_ABORT = -2;

  /** Nothing is granted. */
  public static final long NOTHING = 0;

  private static final long R = 1;
  private static final long W = 1 << 1;
  private static final long EXE = 1 << 3;
  private static final long PRIV = 1 << 4;
  private static final long S = 1 << 11;
  private static final int MIN_SHIFT = 12;
  private static final long ADDRESS = -1L << MIN_SHIFT;

  private AtsCompletion() {}

  /**
   * A translation.
   *
   * @param pa where anything inside it leads
   * @param shift it covers {@code 1 << shift} bytes, at least 4 KiB, aligned
   * @param granted a mask of {@link BusMaster}'s READ, WRITE and INSTRUCTION; and PRIVILEGED if
   *     that is who is granted them
   */
  public static long of(long pa, int shift, int granted) {
    long page = pa & -1L << shift;
    long size = shift == MIN_SHIFT ? 0 : S | ((1L << (shift - 1)) - (1L << MIN_SHIFT));
    return page
        | size
        | ((granted & BusMaster.READ) != 0 ? R : 0)
        | ((granted & BusMaster.WRITE) != 0 ? W : 0)
        | ((granted & BusMaster.INSTRUCTION) != 0 ? EXE : 0)
        | ((granted & BusMaster.PRIVILEGED) != 0 ? PRIV : 0);
  }

  /** Whether it is a status instead. */
  public static boolean isRefusal(long completion) {
    return completion < 0;
  }

  /** Whether it grants anything: what grants nothing is not to be kept. */
  public static boolean grants(long completion) {
    return completion >= 0 && (completion & (R | W)) != 0;
  }

  /** Whether it allows {@code access}, a mask of {@link BusMaster}'s. */
  public static boolean allows(long completion, int access) {
    long wanted =
        ((access & BusMaster.READ) != 0 ? R : 0)
            | ((access & BusMaster.WRITE) != 0 ? W : 0)
            | ((access & BusMaster.INSTRUCTION) != 0 ? EXE : 0);
    boolean privileged = (access & BusMaster.PRIVILEGED) != 0;
    return completion >= 0
        && (completion & wanted) == wanted
        && privileged == ((completion & PRIV) != 0);
  }

  /** It covers {@code 1 << shift} bytes. */
  public static int shift(long completion) {
    return (completion & S) == 0
        ? MIN_SHIFT
        : MIN_SHIFT + 1 + Long.numberOfTrailingZeros(~(completion >>> MIN_SHIFT));
  }

  /** Where {@code iova}, inside what it covers, leads. */
  public static long pa(long completion, long iova) {
    long inside = (1L << shift(completion)) - 1;
    return (completion & ADDRESS & ~inside) | (iova & inside);
  }
}
