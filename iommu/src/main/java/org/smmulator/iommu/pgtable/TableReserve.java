package org.smmulator.iommu.pgtable;

/**
 * Pages that a table has set aside, to be used where the allocator has none left. Kernel: {@code
 * struct msm_mmu_prealloc}.
 */
public interface TableReserve extends AutoCloseable {
  /** Gives back the pages that no map has used. */
  @Override
  void close();
}
