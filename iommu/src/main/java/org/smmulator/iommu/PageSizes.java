package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;

/**
 * Which leaves to use for a range: the largest that fit, small ones only up to where a larger one
 * becomes possible.
 *
 * <p>Kernel: {@code iommu_pgsize()}, in two halves because Java returns one value. A bitmap has one
 * bit for each size that the domain supports.
 */
public final class PageSizes {
  private PageSizes() {}

  /** The smallest size of {@code bitmap}: what addresses and sizes must be a multiple of. */
  public static long smallest(long bitmap) {
    return Long.lowestOneBit(bitmap);
  }

  /**
   * The largest size that {@code iova}, {@code pa} and {@code sizeBytes} allow.
   *
   * @param sizeBytes at least the smallest size of {@code bitmap}, and aligned to it like both
   *     addresses
   */
  public static long choose(long bitmap, long iova, long pa, long sizeBytes) {
    long fitting = bitmap & upTo(Long.highestOneBit(sizeBytes));
    long merged = iova | pa;
    if (merged != 0) {
      fitting &= upTo(Long.lowestOneBit(merged));
    }
    checkState(fitting != 0, "no page size fits");
    return Long.highestOneBit(fitting);
  }

  /**
   * How many leaves of {@code pgsize}, as {@link #choose} gave it, to use before choosing again.
   */
  public static long count(long bitmap, long iova, long pa, long sizeBytes, long pgsize) {
    return upToNextSize(bitmap, iova, pa, sizeBytes, pgsize) / pgsize;
  }

  private static long upToNextSize(long bitmap, long iova, long pa, long sizeBytes, long pgsize) {
    long larger = bitmap & ~upTo(pgsize);
    if (larger == 0) {
      return sizeBytes;
    }
    long next = Long.lowestOneBit(larger);
    if (((iova ^ pa) & (next - 1)) != 0) {
      return sizeBytes; // the two never get aligned to it together
    }
    long toNext = next - ((iova | pa) & (next - 1));
    boolean nextFits = toNext <= sizeBytes && next <= sizeBytes - toNext;
    return nextFits ? toNext : sizeBytes;
  }

  /** The bits from 0 up to the one that is set in {@code bit}. */
  private static long upTo(long bit) {
    return bit | (bit - 1);
  }
}
