package org.smmulator.iommu;

import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * Cuts a range into leaves, in the core or in the driver: the switch {@code iommu.map-split}.
 *
 * <p>Addresses and sizes are multiples of {@link #minimum}. A table holds the same leaves in the
 * end under every value; how often the core calls the driver differs, see {@link
 * IommuDomain.Paging#driverCalls}.
 */
public sealed interface MapSplit {
  /**
   * The page sizes that users are told of.
   *
   * @param bitmap what the domain's table has, one bit for each size of leaf
   */
  default long advertised(long bitmap) {
    return bitmap;
  }

  /**
   * The size that addresses and sizes must be multiples of, or the core refuses them before the
   * driver hears of them. Kernel: {@code iommu_map_nosync()}.
   *
   * @param bitmap what the domain's table has
   */
  default long minimum(long bitmap) {
    return PageSizes.smallest(bitmap);
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

  /**
   * {@code core-batched}: the core chooses a size and how many leaves of it, and the driver writes
   * them in one call. Linux does so since 2021. Kernel: {@code iommu_map_nosync()}, {@code
   * __iommu_unmap()}.
   */
  record CoreBatched() implements MapSplit {
    @Override
    public long map(
        IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
      return PageSizes.map(domain.countedPages, bitmap, Long.MAX_VALUE, iova, pa, sizeBytes, prot);
    }

    @Override
    public long unmap(
        IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather) {
      return PageSizes.unmap(domain.countedPages, bitmap, Long.MAX_VALUE, iova, sizeBytes, gather);
    }
  }

  /**
   * {@code core-page-at-a-time}: the core calls the driver once for each leaf. Linux did so in
   * 2015, and Roedel defended it: "moving functionality from the core into drivers" is the wrong
   * way.
   */
  record CorePageAtATime() implements MapSplit {
    @Override
    public long map(
        IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
      return PageSizes.map(domain.countedPages, bitmap, 1, iova, pa, sizeBytes, prot);
    }

    @Override
    public long unmap(
        IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather) {
      return PageSizes.unmap(domain.countedPages, bitmap, 1, iova, sizeBytes, gather);
    }
  }

  /**
   * {@code driver}: the driver gets the whole range and does as it likes. Murphy's proposal of
   * 2015, to "get away from page-at-a-time".
   */
  record Driver() implements MapSplit {
    /** {@inheritDoc} The core has no say: the driver refuses what its own table cannot hold. */
    @Override
    public long minimum(long bitmap) {
      return 1;
    }

    @Override
    public long map(
        IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
      return domain.countedRanges.mapPages(iova, pa, sizeBytes, 1, prot);
    }

    @Override
    public long unmap(
        IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather) {
      return domain.countedRanges.unmapPages(iova, sizeBytes, 1, gather);
    }
  }

  /**
   * {@code driver-lies}: the driver advertises every power of two, so that the core hands it the
   * largest aligned piece at a time, and cuts that into the leaves it has. The Intel driver of 2015
   * did so ({@code INTEL_IOMMU_PGSIZES} then).
   */
  record DriverLies() implements MapSplit {
    @Override
    public long advertised(long bitmap) {
      return -PageSizes.smallest(bitmap); // that bit and all above it
    }

    @Override
    public long map(
        IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
      return PageSizes.map(domain.countedRanges, advertised(bitmap), 1, iova, pa, sizeBytes, prot);
    }

    @Override
    public long unmap(
        IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather) {
      return PageSizes.unmap(domain.countedRanges, advertised(bitmap), 1, iova, sizeBytes, gather);
    }
  }
}
