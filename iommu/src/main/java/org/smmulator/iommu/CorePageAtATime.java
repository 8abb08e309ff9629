package org.smmulator.iommu;

import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * {@code core-page-at-a-time}: the core calls the driver once for each leaf. What Linux did in
 * 2015, and what Roedel defended: "moving functionality from the core into drivers" is the wrong
 * way.
 */
public final class CorePageAtATime implements MapSplit {
  @Override
  public long map(
      IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
    long done = 0;
    while (done < sizeBytes) {
      long pgsize = PageSizes.choose(bitmap, iova + done, pa + done, sizeBytes - done);
      long result = domain.callMap(iova + done, pa + done, pgsize, 1, prot);
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
      long unmapped = domain.callUnmap(at, pgsize, 1, gather);
      if (unmapped == 0) {
        break;
      }
      done += unmapped;
    }
    return done;
  }
}
