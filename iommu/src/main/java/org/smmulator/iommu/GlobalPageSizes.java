package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * One bitmap in the driver's operations for all instances: what Linux did until 2015, and the start
 * of the argument. How the instances' sizes become one is each subclass's say.
 */
abstract sealed class GlobalPageSizes implements PageSizePolicy
    permits GlobalAndPageSizes, GlobalOrPageSizes {
  /** What everybody is told that every instance can do. */
  abstract long sizes(Iterable<IommuDevice> instances);

  @Override
  public final long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances) {
    return domain.pgsizeBitmap() == 0 ? 0 : sizes(instances);
  }

  @Override
  public final long forTable(long instanceBitmap, Iterable<IommuDevice> instances) {
    long common = instanceBitmap & sizes(instances);
    return common == 0 ? instanceBitmap : common;
  }

  /** {@inheritDoc} A bitmap of the operations is final from the start, for better or worse. */
  @Override
  public final long readable(IommuDomain.Paging domain, Iterable<IommuDevice> instances)
      throws ErrnoException {
    long sizes = sizes(instances);
    if (sizes == 0) {
      throw EINVAL.because("the IOMMUs have no page size in common");
    }
    return sizes;
  }
}
