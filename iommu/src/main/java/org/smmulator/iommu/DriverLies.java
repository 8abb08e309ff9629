package org.smmulator.iommu;

import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * {@code driver-lies}: the driver advertises every power of two, so that the core hands it the
 * largest aligned piece at a time, and cuts that into the leaves it has. What the Intel driver did
 * ({@code INTEL_IOMMU_PGSIZES}).
 */
public final class DriverLies implements MapSplit {
  @Override
  public long advertised(long bitmap) {
    return -PageSizes.smallest(bitmap); // that bit and all above it
  }

  @Override
  public long map(
      IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
    long claimed = advertised(bitmap);
    long done = 0;
    while (done < sizeBytes) {
      long piece = PageSizes.choose(claimed, iova + done, pa + done, sizeBytes - done);
      long result = domain.callMapRange(iova + done, pa + done, piece, prot);
      done += IoPgtable.mapped(result);
      if (IoPgtable.errno(result) != 0) {
        return done | IoPgtable.errno(result);
      }
    }
    return done;
  }

  @Override
  public long unmap(
      IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather) {
    long claimed = advertised(bitmap);
    long done = 0;
    while (done < sizeBytes) {
      long at = iova + done;
      long unmapped =
          domain.callUnmapRange(at, PageSizes.choose(claimed, at, at, sizeBytes - done), gather);
      if (unmapped == 0) {
        break;
      }
      done += unmapped;
    }
    return done;
  }
}
