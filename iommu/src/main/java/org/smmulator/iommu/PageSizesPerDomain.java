package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code per-domain}: a domain has the sizes of its own table, and none before that is made. What
 * Linux has done since 2016.
 */
public final class PageSizesPerDomain implements PageSizePolicy {
  @Override
  public long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances) {
    return domain.pgsizeBitmap();
  }

  @Override
  public long readable(IommuDomain.Paging domain, Iterable<IommuDevice> instances)
      throws ErrnoException {
    return finalBitmap(domain);
  }

  static long finalBitmap(IommuDomain.Paging domain) throws ErrnoException {
    long bitmap = domain.pgsizeBitmap();
    if (bitmap == 0) {
      throw EINVAL.because("the domain has no page sizes before its first attach");
    }
    return bitmap;
  }
}
