package org.smmulator.iommu;

import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * {@code driver}: the driver gets the whole range and does as it likes. Murphy's proposal of 2015,
 * to "get away from page-at-a-time".
 */
public final class DriverSplit implements MapSplit {
  @Override
  public long map(
      IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
    return domain.callMapRange(iova, pa, sizeBytes, prot);
  }

  @Override
  public long unmap(
      IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather) {
    return domain.callUnmapRange(iova, sizeBytes, gather);
  }
}
