package org.smmulator.iommu;

import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * Who cuts a range into leaves, the core or the driver: the switch {@code iommu.map-split}, one
 * class for each value.
 *
 * <p>Addresses and sizes are multiples of the domain's smallest page. What a table holds in the end
 * is the same under every value; how often the core calls the driver differs, see {@link
 * IommuDomain.Paging#driverCalls}.
 */
public interface MapSplit {
  /**
   * The page sizes that users are told of.
   *
   * @param bitmap what the domain's table has, one bit for each size of leaf
   */
  default long advertised(long bitmap) {
    return bitmap;
  }

  /**
   * Maps as much as it can.
   *
   * @param bitmap what the domain's table has
   * @return progress and errno together, as {@link IommuDomain.Paging#mapPages} gives them
   */
  long map(IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot);

  /** Unmaps up to the first hole; returns the bytes unmapped. */
  long unmap(IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather);
}
