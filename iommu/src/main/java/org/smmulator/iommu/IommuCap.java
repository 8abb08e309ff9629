package org.smmulator.iommu;

/** An ability that an IOMMU can have for a device. Kernel: {@code enum iommu_cap}. */
public enum IommuCap {
  /** Mappings with {@link org.smmulator.iommu.prot.IommuProt#CACHE} snoop the CPUs' caches. */
  CACHE_COHERENCY,
  /** {@link org.smmulator.iommu.prot.IommuProt#NOEXEC} is honoured. */
  NOEXEC,
  /** An unmap may leave invalidation to a flush queue. */
  DEFERRED_FLUSH,
  /** Tables remember which pages were written. */
  DIRTY_TRACKING,

  /** Its driver switches a device from table to table: {@link IommuOps#load}. No cap of Linux's. */
  TABLE_SWITCH
}
