package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.kernel.errno.ErrnoException;

/** Decides whose page sizes count: the switch {@code iommu.pgsize}. */
public sealed interface PageSizePolicy {
  /**
   * The sizes that the core cuts {@code domain}'s ranges into, one bit for each; 0 if it must not
   * be mapped yet.
   *
   * @param instances all registered IOMMUs
   */
  long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances);

  /**
   * The sizes that the domain's users are told of: those of its own table, unless a value says
   * otherwise.
   *
   * @throws ErrnoException EINVAL while the bitmap is not final: unreadable, not zero
   */
  default long readable(IommuDomain.Paging domain, Iterable<IommuDevice> instances)
      throws ErrnoException {
    long bitmap = domain.pgsizeBitmap();
    if (bitmap == 0) {
      throw EINVAL.because("the domain has no page sizes before its first attach");
    }
    return bitmap;
  }

  /**
   * The sizes that a table on an instance is made with.
   *
   * @param instanceBitmap what the instance can do
   */
  default long forTable(long instanceBitmap, Iterable<IommuDevice> instances) {
    return instanceBitmap;
  }

  /**
   * Returns whether there are domains for one group only, {@code iommu_domain_alloc_for_group()}:
   * they are final from the start, and groups' default domains are such.
   */
  default boolean allocatesForGroups() {
    return false;
  }

  /** The sizes that any instance has. */
  private static long union(Iterable<IommuDevice> instances) {
    long sizes = 0;
    for (IommuDevice instance : instances) {
      sizes |= instance.ops().pgsizeBitmap(instance);
    }
    return sizes;
  }

  /**
   * {@code per-domain}: a domain has the sizes of its own table, and none before that is made.
   * Linux does so since 2016.
   */
  record PerDomain() implements PageSizePolicy {
    @Override
    public long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances) {
      return domain.pgsizeBitmap();
    }
  }

  /**
   * {@code merged}: a domain that was made for no device in particular has the merged sizes of all
   * instances until its first attach makes them final; {@code iommu_domain_alloc_for_group()} makes
   * one that is final from the start. Roedel's proposal of 2015.
   */
  record Merged() implements PageSizePolicy {
    @Override
    public long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances) {
      long known = domain.pgsizeBitmap();
      return known == 0 && domain instanceof GenericDomain ? union(instances) : known;
    }

    @Override
    public boolean allocatesForGroups() {
      return true;
    }
  }

  /**
   * One bitmap in the driver's operations for all instances: Linux did so until 2015, and the
   * argument began there.
   */
  sealed interface Global extends PageSizePolicy {
    /** The sizes that every instance is said to have. */
    long sizes(Iterable<IommuDevice> instances);

    @Override
    default long mappable(IommuDomain.Paging domain, Iterable<IommuDevice> instances) {
      return domain.pgsizeBitmap() == 0 ? 0 : sizes(instances);
    }

    @Override
    default long forTable(long instanceBitmap, Iterable<IommuDevice> instances) {
      long common = instanceBitmap & sizes(instances);
      return common == 0 ? instanceBitmap : common;
    }

    /** {@inheritDoc} A bitmap of the operations is final from the start, for better or worse. */
    @Override
    default long readable(IommuDomain.Paging domain, Iterable<IommuDevice> instances)
        throws ErrnoException {
      long sizes = sizes(instances);
      if (sizes == 0) {
        throw EINVAL.because("the IOMMUs have no page size in common");
      }
      return sizes;
    }
  }

  /**
   * {@code global}: the sizes that all instances have. No domain is promised a size that some
   * instance lacks; but an instance of small pages loses them to one of large pages, and of 4K
   * beside 16K no size is left at all.
   */
  record GlobalAnd() implements Global {
    @Override
    public long sizes(Iterable<IommuDevice> instances) {
      long sizes = -1;
      for (IommuDevice instance : instances) {
        sizes &= instance.ops().pgsizeBitmap(instance);
      }
      return sizes;
    }
  }

  /**
   * {@code global-or}: the sizes that any instance has. Everyone is promised everything, and the
   * driver of one that lacks a size has to refuse it.
   */
  record GlobalOr() implements Global {
    @Override
    public long sizes(Iterable<IommuDevice> instances) {
      return union(instances);
    }
  }
}
