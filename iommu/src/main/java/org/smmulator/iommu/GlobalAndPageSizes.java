package org.smmulator.iommu;

/**
 * {@code global}: the sizes that all instances have. Nobody is promised what some instance lacks;
 * but an instance of small pages loses them to one of large pages, and of 4K beside 16K nothing is
 * left at all.
 */
public final class GlobalAndPageSizes extends GlobalPageSizes {
  @Override
  long sizes(Iterable<IommuDevice> instances) {
    long sizes = -1;
    for (IommuDevice instance : instances) {
      sizes &= instance.ops().pgsizeBitmap(instance);
    }
    return sizes;
  }
}
