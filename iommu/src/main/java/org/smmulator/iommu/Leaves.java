package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.iommu.pgtable.IoPgtable;
import org.smmulator.iommu.pgtable.IotlbGather;

/**
 * A range cut into leaves inside the driver; see {@link IommuDomain.Paging#mapRange}. What no size
 * of {@code bitmap} fits is EINVAL, and unmaps nothing: the core may have promised more than the
 * table has.
 */
final class Leaves {
  private Leaves() {}

  static boolean fits(long bitmap, long addressesAndSize) {
    return bitmap != 0 && (addressesAndSize & (PageSizes.smallest(bitmap) - 1)) == 0;
  }

  static long map(
      IommuDomain.Paging domain, long bitmap, long iova, long pa, long sizeBytes, int prot) {
    if (!fits(bitmap, iova | pa | sizeBytes)) {
      return EINVAL.number();
    }
    long done = 0;
    while (done < sizeBytes) {
      long left = sizeBytes - done;
      long pgsize = PageSizes.choose(bitmap, iova + done, pa + done, left);
      long count = PageSizes.count(bitmap, iova + done, pa + done, left, pgsize);
      long result = domain.mapPages(iova + done, pa + done, pgsize, count, prot);
      done += IoPgtable.mapped(result);
      if (IoPgtable.errno(result) != 0) {
        return done | IoPgtable.errno(result);
      }
    }
    return done;
  }

  static long unmap(
      IommuDomain.Paging domain, long bitmap, long iova, long sizeBytes, IotlbGather gather) {
    if (!fits(bitmap, iova | sizeBytes)) {
      return 0;
    }
    long done = 0;
    while (done < sizeBytes) {
      long at = iova + done;
      long pgsize = PageSizes.choose(bitmap, at, at, sizeBytes - done);
      long count = PageSizes.count(bitmap, at, at, sizeBytes - done, pgsize);
      long unmapped = domain.unmapPages(at, pgsize, count, gather);
      if (unmapped == 0) {
        break;
      }
      done += unmapped;
    }
    return done;
  }
}
