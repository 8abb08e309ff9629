package org.smmulator.hw.ats;

import org.smmulator.hw.bus.BusMaster;

/**
 * The answer of an IOMMU to a translation request: a {@code long} in the layout of a PCIe
 * Translation Completion Data Entry, or a negative status. PCI Express Base Specification, section
 * 10.2.3.
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
 *
 * @implNote Unverified: the positions of Exe, Priv and Global.
 */
public final class AtsCompletion {
  /** Status UR: the device may not send translation requests. */
  public static final long UNSUPPORTED_REQUEST = -1;

  /** Status CA: the IOMMU could not complete the translation. */
  public static final long COMPLETER_ABORT = -2;

  /** A completion that grants no access. */
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
   * @param pa the output for any address inside it
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

  /** True if {@code completion} is a status. */
  public static boolean isRefusal(long completion) {
    return completion < 0;
  }

  /** True if the completion grants read or write; a device caches no other. */
  public static boolean grants(long completion) {
    return completion >= 0 && (completion & (R | W)) != 0;
  }

  /** True if the completion allows {@code access}, a mask of {@link BusMaster}'s. */
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

  /** The logarithm of the number of bytes that the completion covers. */
  public static int shift(long completion) {
    return (completion & S) == 0
        ? MIN_SHIFT
        : MIN_SHIFT + 1 + Long.numberOfTrailingZeros(~(completion >>> MIN_SHIFT));
  }

  /** Translates {@code iova}, an address inside what the completion covers. */
  public static long pa(long completion, long iova) {
    long inside = (1L << shift(completion)) - 1;
    return (completion & ADDRESS & ~inside) | (iova & inside);
  }
}
