package org.smmulator.iommu.pgtable;

/** Hears which leaves were written. Kernel: {@code iommu_dirty_bitmap_record()}. */
@FunctionalInterface
public interface DirtyPages {
  /**
   * A leaf was written.
   *
   * @param iova where it starts
   * @param sizeBytes what it spans: all of it counts as written
   */
  void dirty(long iova, long sizeBytes);
}
