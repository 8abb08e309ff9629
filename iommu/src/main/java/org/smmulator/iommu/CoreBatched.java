package org.smmulator.iommu;

import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * {@code core-batched}: the core chooses a size and how many leaves of it, and the driver writes
 * them in one call. What Linux does since 2021. Kernel: {@code iommu_map_nosync()}, {@code
 * __iommu_unmap()}.
 */
public final class CoreBatched implements MapSplit {
  @Override
  public long map(
      IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
    long done = 0;
    while (done < sizeBytes) {
      long left = sizeBytes - done;
      long pgsize = PageSizes.choose(bitmap, iova + done, pa + done, left);
      long count = PageSizes.count(bitmap, iova + done, pa + done, left, pgsize);
      long result = domain.callMap(iova + done, pa + done, pgsize, count, prot);
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
    long done = 0;
    while (done < sizeBytes) {
      long at = iova + done;
      long pgsize = PageSizes.choose(bitmap, at, at, sizeBytes - done);
      long count = PageSizes.count(bitmap, at, at, sizeBytes - done, pgsize);
      long unmapped = domain.callUnmap(at, pgsize, count, gather);
      if (unmapped == 0) {
        break;
      }
      done += unmapped;
    }
    return done;
  }
}
