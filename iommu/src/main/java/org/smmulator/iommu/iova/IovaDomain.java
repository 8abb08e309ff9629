package org.smmulator.iommu.iova;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * The iovas of one domain that are in use, and which comes next.
 *
 * <p>Kernel: {@code struct iova_domain} and {@code alloc_iova()} in {@code drivers/iommu/iova.c}.
 * The same calls get the same answers as there. All numbers are pfns: iovas in units of the
 * granule.
 *
 * <p>The rule is a search from the top that does not start at the top: it starts below the range at
 * a remembered place, one place for searches under 4 GiB and one for the others, and looks above it
 * only if there is nothing below. The remembered place is the last allocation, or what was above a
 * range that was freed there. A size that found nothing under 4 GiB is remembered too, so that the
 * next one that large fails at once, until something there is freed; like the kernel this remembers
 * a failure whatever its limit was.
 *
 * <p>Which places are remembered decides the answer, so the search must respect it; how the search
 * gets there does not. The kernel walks from range to range, here {@link RangeTree} skips.
 */
public final class IovaDomain {
  /** No pfn: nothing starts at 0. */
  public static final long NONE = 0;

  private final int granuleShift;
  private final long startPfn;
  private final long pfnAt4GiB;
  private final RangeTree ranges = new RangeTree();

  // The remembered places: ranges of the tree, by both their ends.
  private long cachedLo = RangeTree.ANCHOR;
  private long cachedHi = RangeTree.ANCHOR;
  private long cached32Lo = RangeTree.ANCHOR;
  private long cached32Hi = RangeTree.ANCHOR;

  private int rangesInUse;

  /** Sizes from here on are known not to fit under 4 GiB. */
  private long max32AllocPages;

  /**
   * Makes an allocator with all free. Kernel: {@code init_iova_domain()}.
   *
   * @param granuleShift log2 of the bytes a pfn stands for
   * @param startPfn the first pfn to hand out, at least 1
   */
  public IovaDomain(int granuleShift, long startPfn) {
    checkArgument(startPfn > 0, "pfn 0 stands for a failure");
    this.granuleShift = granuleShift;
    this.startPfn = startPfn;
    pfnAt4GiB = 1L << 32 >> granuleShift;
    max32AllocPages = pfnAt4GiB;
  }

  /** Log2 of the bytes a pfn stands for. */
  public int granuleShift() {
    return granuleShift;
  }

  /** The first pfn to hand out. */
  public long startPfn() {
    return startPfn;
  }

  /** The number of ranges that are taken, reserved ones included. */
  public int rangesInUse() {
    return rangesInUse;
  }

  /**
   * Takes a range. Kernel: {@code alloc_iova()}.
   *
   * @param limitPfn the last pfn that may be in it
   * @param sizeAligned whether it starts at a multiple of its size, rounded up to a power of two
   * @return its first pfn, or {@link #NONE}
   */
  public long alloc(long pages, long limitPfn, boolean sizeAligned) {
    checkArgument(pages > 0, "pages %s", pages);
    long limit = Math.min(limitPfn, RangeTree.ANCHOR - 1) + 1;
    boolean under4GiB = limit <= pfnAt4GiB;
    if (under4GiB && pages >= max32AllocPages) {
      return NONE;
    }
    int order = sizeAligned ? 64 - Long.numberOfLeadingZeros(pages - 1) : 0;
    long cached = under4GiB ? cached32Lo : cachedLo;
    long found = ranges.findHole(Math.min(limit, cached), startPfn, pages, order);
    long retryPfn = under4GiB ? cached32Hi : cachedHi;
    if (found == RangeTree.NONE && retryPfn < limit) {
      found = ranges.findHole(limit, retryPfn + 1, pages, order);
    }
    if (found == RangeTree.NONE) {
      max32AllocPages = pages;
      return NONE;
    }
    take(found, found + pages - 1);
    return found;
  }

  private void take(long lo, long hi) {
    ranges.insertBelow(lo, hi);
    rangesInUse++;
    if (hi < pfnAt4GiB) {
      cached32Lo = lo;
      cached32Hi = hi;
    } else {
      cachedLo = lo;
      cachedHi = hi;
    }
  }

  /**
   * Frees the range that starts at {@code pfn}; nothing happens if none does, as in the kernel.
   * Kernel: {@code free_iova()}.
   */
  public void free(long pfn) {
    if (pfn < 0 || pfn >= RangeTree.ANCHOR) {
      return;
    }
    ranges.seek(pfn);
    if (!ranges.startsAt(pfn)) {
      return;
    }
    long hi = ranges.hi();
    ranges.remove();
    rangesInUse--;
    if (pfn == cached32Lo || (hi < pfnAt4GiB && pfn >= cached32Lo)) {
      cached32Lo = ranges.lo();
      cached32Hi = ranges.hi();
    }
    if (pfn < pfnAt4GiB) {
      max32AllocPages = pfnAt4GiB;
    }
    if (pfn >= cachedLo) {
      cachedLo = ranges.lo();
      cachedHi = ranges.hi();
    }
  }

  /**
   * Keeps the pfns from {@code lo} to {@code hi}, both included, from being handed out, for good.
   * Ranges that are in use there already stay, and those reserved widen. Kernel: {@code
   * reserve_iova()}.
   */
  public void reserve(long lo, long hi) {
    checkArgument(lo >= 0 && lo <= hi && hi < RangeTree.ANCHOR, "from %s to %s", lo, hi);
    long from = lo;
    ranges.seek(lo);
    if (ranges.holeStart() > lo) {
      from = ranges.holeStart(); // the range below reaches in
    }
    while (from <= hi && ranges.lo() <= hi) {
      if (from < ranges.lo()) {
        widen(from);
      }
      from = ranges.hi() + 1;
      ranges.next();
    }
    if (from <= hi) {
      ranges.insertBelow(from, hi);
      rangesInUse++;
    }
  }

  private void widen(long lo) {
    if (cachedLo == ranges.lo()) {
      cachedLo = lo;
    }
    if (cached32Lo == ranges.lo()) {
      cached32Lo = lo;
    }
    ranges.extendDownTo(lo);
  }
}
