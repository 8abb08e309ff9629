package org.smmulator.iommu;

import org.smmulator.kernel.errno.ErrnoException;

/** Whose page sizes count: the switch {@code iommu.pgsize}, one class for each value. */
public interface PageSizePolicy {
  /**
   * The sizes that the core cuts {@code domain}'s ranges into, one bit for each; 0 if it must not
   * be mapped yet.
   *
   * @param instances all registered IOMMUs
   */
  long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances);

  /**
   * What users are told.
   *
   * @throws ErrnoException EINVAL while the bitmap is not final: unreadable, not zero
   */
  long readable(IommuDomain.Paging domain, Iterable<IommuDevice> instances) throws ErrnoException;

  /**
   * The sizes that a table on an instance is made with.
   *
   * @param instanceBitmap what the instance can do
   */
  default long forTable(long instanceBitmap, Iterable<IommuDevice> instances) {
    return instanceBitmap;
  }

  /**
   * Whether there are domains for one group only, {@code iommu_domain_alloc_for_group()}; they are
   * final from the start.
   */
  default boolean allocatesForGroups() {
    return false;
  }

  /** The union of what all instances can do, for those who promise before they know. */
  static long union(Iterable<IommuDevice> instances) {
    long sizes = 0;
    for (IommuDevice instance : instances) {
      sizes |= instance.ops().pgsizeBitmap(instance);
    }
    return sizes;
  }
}
