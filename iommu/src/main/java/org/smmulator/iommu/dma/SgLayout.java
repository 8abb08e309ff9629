package org.smmulator.iommu.dma;

import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * Lays the pieces of a list out in one run of iovas. Kernel: the loops of {@code
 * iommu_dma_map_sg()} and {@code __finalise_sg()}.
 *
 * <p>Each piece takes whole granules. A piece that would cross one of the device's segment
 * boundaries starts at the boundary instead: the piece before it is padded. That works before the
 * iova is known, as a run longer than the boundary's distance is aligned to more than it.
 *
 * <p>Offsets count from the start of the run.
 */
final class SgLayout {
  private static final long IN_PAGE = PageAllocator.PAGE_SIZE - 1;

  private final ScatterList list;
  private final long granuleMask;
  private final long boundaryMask;

  /**
   * Lays out {@code list}.
   *
   * @param granuleMask the granule of iovas, less one
   * @param boundaryMask the distance of segment boundaries, less one
   */
  SgLayout(ScatterList list, long granuleMask, long boundaryMask) {
    this.list = list;
    this.granuleMask = granuleMask;
    this.boundaryMask = boundaryMask;
  }

  /** The start of the granule that piece {@code index} starts in. */
  long pa(int index) {
    return list.pa(index) - inGranule(index);
  }

  private long inGranule(int index) {
    // Of a granule larger than a CPU page the kernel sees the offset in the page only.
    return list.pa(index) & IN_PAGE & granuleMask;
  }

  /**
   * The iovas that a piece takes, padding included.
   *
   * @param offset where it lies
   */
  long length(int index, long offset) {
    long length = granules(index);
    if (index + 1 < list.count()) {
      long toBoundary = -(offset + length) & boundaryMask;
      long nextLength = granules(index + 1);
      if (toBoundary != 0 && Long.compareUnsigned(toBoundary, nextLength - 1) < 0) {
        length += toBoundary;
      }
    }
    return length;
  }

  private long granules(int index) {
    return (list.length(index) + inGranule(index) + granuleMask) & ~granuleMask;
  }

  /** The iovas that the list takes. */
  long length() {
    long offset = 0;
    for (int i = 0; i < list.count(); i++) {
      offset += length(i, offset);
    }
    return offset;
  }

  /**
   * Notes in the list where the device finds it: pieces that follow each other without a gap become
   * one, up to the device's longest and not across a boundary.
   */
  void finish(long iova, long longestBytes) {
    long start = 0;
    long length = 0;
    boolean open = false; // whether the next piece may be appended
    long offset = 0;
    for (int i = 0; i < list.count(); i++) {
      long inGranule = inGranule(i);
      long bytes = list.length(i);
      long at = iova + offset;
      boolean fits = inGranule == 0 && (at & boundaryMask) != 0 && bytes <= longestBytes - length;
      if (open && fits) {
        length += bytes;
      } else {
        addMapped(start, length);
        start = at + inGranule;
        length = bytes;
      }
      long taken = length(i, offset);
      open = bytes + inGranule == taken;
      offset += taken;
    }
    addMapped(start, length);
  }

  private void addMapped(long dmaAddress, long bytes) {
    if (bytes > 0) {
      list.addMapped(dmaAddress, bytes);
    }
  }
}
