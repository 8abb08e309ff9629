package org.smmulator.iommu.iova;

/**
 * What a hole has room for, as 64 bits that can be or'ed over many holes.
 *
 * <p>A request wants {@code pages} pages from a multiple of 2^{@code order}. Each order owns four
 * bits, one for each quarter of the sizes above 2^(order-1) and up to 2^order, which is what
 * requests of that order ask for when they are aligned to their own size:
 *
 * <pre>
 *  63       60                     7    4 3    0
 * +-----------+-------------------+------+------+
 * | order 15  |        ...        |  1   |  0   |
 * +-----------+-------------------+------+------+
 * </pre>
 *
 * <p>A bit that is clear is a promise: nothing of that size fits. A bit that is set is a good
 * guess, as sizes within a quarter are not told apart, nor are orders above 15.
 */
final class HoleSizes {
  private static final int MAX_ORDER = 15;
  private static final int BITS_PER_ORDER = 4;

  private HoleSizes() {}

  /** The bits of the hole of the pfns from {@code from} to before {@code to}. */
  static long of(long from, long to) {
    long sizes = 0;
    for (int order = 0; order <= MAX_ORDER; order++) {
      long block = 1L << order;
      long half = block >> 1;
      if (to - from <= half) {
        return sizes; // shorter than anything that this order and those above ask for
      }
      long room = Math.min(block, to - ((from + block - 1) & -block));
      if (room > half) {
        long quarters = (2L << quarter(order, room)) - 1;
        sizes |= quarters << (order * BITS_PER_ORDER);
      }
    }
    return sizes;
  }

  /** The bit that a hole must have if {@code pages} pages from a multiple of 2^order are to fit. */
  static long needed(long pages, int order) {
    boolean alignedToItself = pages > (1L << order >> 1) && pages <= (1L << order);
    if (alignedToItself && order <= MAX_ORDER) {
      return 1L << (order * BITS_PER_ORDER + quarter(order, pages));
    }
    // Any run of 2^(n+1)-1 pages holds a whole aligned block of 2^n.
    int whole = Math.min(MAX_ORDER, 62 - Long.numberOfLeadingZeros(pages + 1));
    return 1L << (whole * BITS_PER_ORDER + quarter(whole, 1L << whole));
  }

  private static int quarter(int order, long pages) {
    int aboveHalf = (int) (pages - (1L << order >> 1) - 1);
    return aboveHalf >> Math.max(0, order - 3);
  }
}
