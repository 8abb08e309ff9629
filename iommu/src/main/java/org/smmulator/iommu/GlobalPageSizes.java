package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code global} and {@code global-or}: one bitmap in the driver's operations for all instances.
 * What Linux did until 2015, and the start of the argument.
 *
 * <p>With AND nobody is promised what some instance lacks, and an instance of small pages loses
 * them to one of large pages; of 4K beside 16K nothing is left at all. With OR everyone is promised
 * everything, and the map fails in the driver.
 */
public final class GlobalPageSizes implements PageSizePolicy {
  private final boolean or;

  /** Merges with OR, or with AND. */
  public GlobalPageSizes(boolean or) {
    this.or = or;
  }

  @Override
  public long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances) {
    return domain.pgsizeBitmap() == 0 ? 0 : sizes(instances);
  }

  @Override
  public long forTable(long instanceBitmap, Iterable<IommuDevice> instances) {
    long common = instanceBitmap & sizes(instances);
    return common == 0 ? instanceBitmap : common;
  }

  private long sizes(Iterable<IommuDevice> instances) {
    return or ? PageSizePolicy.union(instances) : intersection(instances);
  }

  @Override
  public long readable(IommuDomain.Paging domain, Iterable<IommuDevice> instances)
      throws ErrnoException {
    long sizes = sizes(instances);
    if (sizes == 0) {
      throw EINVAL.because("the IOMMUs have no page size in common");
    }
    return sizes;
  }

  private static long intersection(Iterable<IommuDevice> instances) {
    long sizes = -1;
    for (IommuDevice instance : instances) {
      sizes &= instance.ops().pgsizeBitmap(instance);
    }
    return sizes;
  }
}
