package org.smmulator.iommu.pgtable;

/**
 * The invalidations that a page table asks of its driver.
 *
 * <p>Kernel: {@code struct iommu_flush_ops}. Called in the middle of map and unmap, so an
 * implementation must not wait.
 */
public interface FlushOps {
  /** Invalidates everything of this table, and returns when that is done. */
  void flushAll();

  /**
   * Invalidates the leaves and the table entries behind {@code iova}..{@code iova + sizeBytes - 1},
   * and returns when that is done. A table is about to be freed; or, in Samsung's format, a real
   * table has taken the place of the link that hardware may have cached.
   *
   * @param granuleBytes the smallest leaf that may have been cached
   */
  void flushWalk(long iova, long sizeBytes, long granuleBytes);

  /**
   * Starts to invalidate one leaf; {@code gather} is synced later.
   *
   * @param granuleBytes the size of the leaf
   */
  void addPage(IotlbGather gather, long iova, long granuleBytes);
}
