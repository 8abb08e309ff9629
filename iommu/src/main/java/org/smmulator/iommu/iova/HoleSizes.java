package org.smmulator.iommu.iova;

/**
 * The requests that a hole has room for, as 64 bits that can be or'ed over many holes.
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
 * <p>A bit that is clear is certain: nothing of that size fits. A bit that is set is a good guess,
 * as sizes within a quarter are not told apart, nor are orders above 15.
 */
final class HoleSizes {
  private static final int MAX_ORDER = 15;
  private static final int BITS_PER_ORDER = 4;

  private HoleSizes() {}

  /** The bits of the hole of the pfns from {@code from} to before {@code to}. */
  static long of(long from, long to) {
    // Any run of 2^(n+1)-1 pages holds a whole aligned block of 2^n, and no more than 2^(n+2)-2
    // pages have no half of a block of 2^(n+3): only two orders depend on where the hole lies.
    int whole = 62 - Long.numberOfLeadingZeros(to - from + 1);
    if (whole >= MAX_ORDER) {
      return -1;
    }
    int partial = whole + 1;
    long sizes = (1L << (partial * BITS_PER_ORDER)) - 1 | inOrder(partial, from, to);
    return partial == MAX_ORDER ? sizes : sizes | inOrder(partial + 1, from, to);
  }

  private static long inOrder(int order, long from, long to) {
    long block = 1L << order;
    long half = block >> 1;
    long room = Math.min(block, to - ((from + block - 1) & -block));
    long quarters = (2L << quarter(order, room)) - 1;
    return room > half ? quarters << (order * BITS_PER_ORDER) : 0;
  }

  /** The bit that a hole must have if {@code pages} pages from a multiple of 2^order are to fit. */
  static long needed(long pages, int order) {
    boolean alignedToItself = pages > (1L << order >> 1) && pages <= (1L << order);
    if (alignedToItself && order <= MAX_ORDER) {
      return 1L << (order * BITS_PER_ORDER + quarter(order, pages));
    }
    // A hole that long holds a whole block.
    int whole = Math.min(MAX_ORDER, 62 - Long.numberOfLeadingZeros(pages + 1));
    return 1L << (whole * BITS_PER_ORDER + quarter(whole, 1L << whole));
  }

  private static int quarter(int order, long pages) {
    int aboveHalf = (int) (pages - (1L << order >> 1) - 1);
    return aboveHalf >> Math.max(0, order - 3);
  }
}
