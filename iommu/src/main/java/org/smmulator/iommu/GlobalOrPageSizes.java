package org.smmulator.iommu;

/**
 * {@code global-or}: the sizes that any instance has. Everyone is promised everything, and the
 * driver of one that lacks a size has to refuse it.
 */
public final class GlobalOrPageSizes extends GlobalPageSizes {
  @Override
  long sizes(Iterable<IommuDevice> instances) {
    return PageSizePolicy.union(instances);
  }
}
