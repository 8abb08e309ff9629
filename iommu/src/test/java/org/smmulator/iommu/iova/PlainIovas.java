package org.smmulator.iommu.iova;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The allocator of {@code drivers/iommu/iova.c} as a list that is searched step by step. */
final class PlainIovas {
  private static final class Range {
    long lo;
    final long hi;

    Range(long lo, long hi) {
      this.lo = lo;
      this.hi = hi;
    }
  }

  private final long startPfn;
  private final long dma32Pfn;
  private final List<Range> ranges = new ArrayList<>();
  private Range cached = new Range(Long.MAX_VALUE, Long.MAX_VALUE);
  private Range cached32 = cached;
  private long max32Size;

  PlainIovas(int granuleShift, long startPfn) {
    this.startPfn = startPfn;
    dma32Pfn = 1L << (32 - granuleShift);
    max32Size = dma32Pfn;
    ranges.add(cached);
  }

  long alloc(long size, long limitPfn, boolean sizeAligned) {
    long limit = limitPfn + 1;
    long mask = -1;
    if (sizeAligned) {
      mask = -Long.highestOneBit(2 * size - 1);
    }
    if (limit <= dma32Pfn && size >= max32Size) {
      return 0;
    }
    int at = ranges.indexOf(limit <= dma32Pfn ? cached32 : cached);
    long retryPfn = ranges.get(at).hi;
    long high = limit;
    long low = startPfn;
    while (true) {
      long made;
      Range below;
      do {
        high = Math.min(high, ranges.get(at).lo);
        made = (high - size) & mask;
        at--;
        below = at < 0 ? null : ranges.get(at);
      } while (below != null && made <= below.hi && made >= low);
      if (high >= size && made >= low) {
        return insert(at + 1, made, made + size - 1);
      }
      if (low != startPfn || retryPfn >= limit) {
        max32Size = size;
        return 0;
      }
      high = limit;
      low = retryPfn + 1;
      at = 0;
      while (ranges.get(at).lo < limit) {
        at++;
      }
    }
  }

  private long insert(int index, long lo, long hi) {
    Range made = new Range(lo, hi);
    ranges.add(index, made);
    if (hi < dma32Pfn) {
      cached32 = made;
    } else {
      cached = made;
    }
    return lo;
  }

  void free(long pfn) {
    Range freed = starting(pfn);
    if (freed == null) {
      return;
    }
    Range next = ranges.get(ranges.indexOf(freed) + 1);
    if (freed.equals(cached32) || (freed.hi < dma32Pfn && freed.lo >= cached32.lo)) {
      cached32 = next;
    }
    if (freed.lo < dma32Pfn) {
      max32Size = dma32Pfn;
    }
    if (freed.lo >= cached.lo) {
      cached = next;
    }
    ranges.remove(freed);
  }

  private @Nullable Range starting(long pfn) {
    for (Range range : ranges) {
      if (range.lo == pfn) {
        return range;
      }
    }
    return null;
  }

  void reserve(long from, long hi) {
    long lo = from;
    int index = 0;
    while (ranges.get(index).hi < lo) {
      index++;
    }
    for (; ranges.get(index).lo <= hi; index++) {
      Range range = ranges.get(index);
      range.lo = Math.min(range.lo, lo);
      lo = range.hi + 1;
      if (lo > hi) {
        return;
      }
    }
    ranges.add(index, new Range(lo, hi));
  }

  List<Long> firstPfns() {
    return ranges.stream().limit(ranges.size() - 1).map(range -> range.lo).toList();
  }
}
