package org.smmulator.iommu.pgtable;

/** Completes the invalidations that a gather has collected: a domain does. */
public interface IotlbSync {
  /** Returns when no TLB holds anything of {@code gather}'s range. Kernel: {@code iotlb_sync()}. */
  void iotlbSync(IotlbGather gather);
}
