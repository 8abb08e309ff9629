package org.smmulator.iommu;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code merged}: a domain that was made for no device in particular has the merged sizes of all
 * instances until its first attach makes them final; {@code iommu_domain_alloc_for_group()} makes
 * one that is final from the start. Roedel's proposal of 2015.
 */
public final class MergedPageSizes implements PageSizePolicy {
  @Override
  public long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances) {
    long known = domain.pgsizeBitmap();
    return known == 0 && domain instanceof GenericDomain ? PageSizePolicy.union(instances) : known;
  }

  @Override
  public long readable(IommuDomain.Paging domain, Iterable<IommuDevice> instances)
      throws ErrnoException {
    return PageSizesPerDomain.finalBitmap(domain);
  }

  @Override
  public boolean allocatesForGroups() {
    return true;
  }
}
