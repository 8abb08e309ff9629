package org.smmulator.iommu;

import static com.google.common.base.Preconditions.checkState;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.iommu.pgtable.MapOps;

/**
 * Chooses the leaves of a range: the largest that fit, small ones only up to where a larger one
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
   * The number of leaves of {@code pgsize}, as {@link #choose} gave it, to use before choosing
   * again.
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

  /**
   * Maps a range of which all is a multiple of the smallest size, as far as it goes.
   *
   * @param mostLeaves how many leaves one call may be asked for
   * @return progress and errno together, as {@link MapOps#mapPages} gives them
   */
  public static long map(
      MapOps to, long bitmap, long mostLeaves, long iova, long pa, long sizeBytes, int prot) {
    long done = 0;
    while (done < sizeBytes) {
      long left = sizeBytes - done;
      long pgsize = choose(bitmap, iova + done, pa + done, left);
      long count = Math.min(count(bitmap, iova + done, pa + done, left, pgsize), mostLeaves);
      long result = to.mapPages(iova + done, pa + done, pgsize, count, prot);
      done += IoPgtable.mapped(result);
      if (IoPgtable.errno(result) != 0) {
        return done | IoPgtable.errno(result);
      }
    }
    return done;
  }

  /** Unmaps such a range up to the first hole; returns the bytes unmapped. See {@link #map}. */
  public static long unmap(
      MapOps from,
      long bitmap,
      long mostLeaves,
      long iova,
      long sizeBytes,
      @Nullable IotlbGather gather) {
    long done = 0;
    while (done < sizeBytes) {
      long at = iova + done;
      long pgsize = choose(bitmap, at, at, sizeBytes - done);
      long count = Math.min(count(bitmap, at, at, sizeBytes - done, pgsize), mostLeaves);
      long unmapped = from.unmapPages(at, pgsize, count, gather);
      if (unmapped == 0) {
        break;
      }
      done += unmapped;
    }
    return done;
  }

  /** Returns whether a bitmap that is known has a size of which all of that is a multiple. */
  static boolean fits(long bitmap, long addressesAndSize) {
    return bitmap != 0 && (addressesAndSize & (smallest(bitmap) - 1)) == 0;
  }

  /** The bits from 0 up to the one that is set in {@code bit}. */
  private static long upTo(long bit) {
    return bit | (bit - 1);
  }
}
