package org.smmulator.iommu.pgtable;

/**
 * The range that an unmap has to invalidate, collected while it goes on.
 *
 * <p>Kernel: {@code struct iommu_iotlb_gather}. One unmap owns it; it is made once and reused.
 */
public final class IotlbGather {
  // -1 is the kernel's ULONG_MAX: iovas are unsigned.
  private long startIova = -1;
  private long endIova;
  private long pgsizeBytes;
  private boolean queued;

  /** The first iova to invalidate; all ones if there is nothing. */
  public long startIova() {
    return startIova;
  }

  /** The last iova to invalidate, inclusive; 0 if there is nothing. */
  public long endIova() {
    return endIova;
  }

  /** The one size of all pages in the range; 0 if it was added as a range. */
  public long pgsizeBytes() {
    return pgsizeBytes;
  }

  /** Returns whether there is nothing to invalidate. */
  public boolean isEmpty() {
    return Long.compareUnsigned(startIova, endIova) >= 0;
  }

  /**
   * Returns whether a flush queue will invalidate everything later, so that pages need not be
   * added.
   */
  public boolean isQueued() {
    return queued;
  }

  public void setQueued(boolean queued) {
    this.queued = queued;
  }

  /**
   * Empties the range; stays queued or not. Kernel: {@code iommu_iotlb_gather_init()} as {@code
   * iommu_iotlb_sync()} calls it.
   */
  public void reset() {
    startIova = -1;
    endIova = 0;
    pgsizeBytes = 0;
  }

  /**
   * Returns whether a range neither overlaps nor touches what is there.
   *
   * <p>Kernel: {@code iommu_iotlb_gather_is_disjoint()}.
   */
  public boolean isDisjoint(long iova, long sizeBytes) {
    long end = iova + sizeBytes - 1;
    return endIova != 0
        && (Long.compareUnsigned(end + 1, startIova) < 0
            || Long.compareUnsigned(iova, endIova + 1) > 0);
  }

  /** Widens the range to hold this one too. Kernel: {@code iommu_iotlb_gather_add_range()}. */
  public void addRange(long iova, long sizeBytes) {
    long end = iova + sizeBytes - 1;
    if (Long.compareUnsigned(iova, startIova) < 0) {
      startIova = iova;
    }
    if (Long.compareUnsigned(end, endIova) > 0) {
      endIova = end;
    }
  }

  /**
   * Adds a page, after syncing what is there if the page has another size or lies apart.
   *
   * <p>Kernel: {@code iommu_iotlb_gather_add_page()}.
   */
  public void addPage(IotlbSync domain, long iova, long sizeBytes) {
    if ((pgsizeBytes != 0 && pgsizeBytes != sizeBytes) || isDisjoint(iova, sizeBytes)) {
      syncTo(domain);
    }
    pgsizeBytes = sizeBytes;
    addRange(iova, sizeBytes);
  }

  /**
   * Has the range invalidated, if there is one, and empties it. Kernel: {@code iommu_iotlb_sync()}.
   */
  public void syncTo(IotlbSync domain) {
    if (!isEmpty()) {
      domain.iotlbSync(this);
    }
    reset();
  }
}
