package org.smmulator.kernel.dma;

import com.google.common.primitives.ImmutableLongArray;
import org.smmulator.kernel.mm.PageAllocator;

/**
 * Memory that CPU and device both use at any time.
 *
 * <p>The device finds it in one run. Behind an IOMMU the memory itself may be in pieces, which the
 * kernel would show its CPU in one run too; here {@link #paAt} says where each byte is.
 *
 * @param pa where the CPU finds the first byte, a physical address
 * @param dmaAddress where the device finds it
 * @param sizeBytes as it was asked for; the memory itself is whole pages
 * @param pages the physical address of each page, if the memory is in pieces; else empty
 */
public record CoherentBuffer(long pa, long dmaAddress, long sizeBytes, ImmutableLongArray pages) {
  /** Memory in one piece. */
  public CoherentBuffer(long pa, long dmaAddress, long sizeBytes) {
    this(pa, dmaAddress, sizeBytes, ImmutableLongArray.of());
  }

  /** Memory in pieces. */
  public CoherentBuffer(ImmutableLongArray pages, long dmaAddress, long sizeBytes) {
    this(pages.get(0), dmaAddress, sizeBytes, pages);
  }

  /** Returns whether pages that follow each other may lie apart. */
  public boolean isInPieces() {
    return !pages.isEmpty();
  }

  /** The physical address of the byte at {@code offset}; good up to the end of its page. */
  public long paAt(long offset) {
    if (!isInPieces()) {
      return pa + offset;
    }
    long page = pages.get((int) (offset >>> PageAllocator.PAGE_SHIFT));
    return page + (offset & (PageAllocator.PAGE_SIZE - 1));
  }
}
