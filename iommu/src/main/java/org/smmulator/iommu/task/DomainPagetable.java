package org.smmulator.iommu.task;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.PageSizes;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A task's table that is a domain of the IOMMU core; how devices come to walk it is the binder's.
 */
public abstract class DomainPagetable implements TaskPagetable {
  protected final Iommu iommu;
  protected final IommuDomain.Paging domain;
  private final long smallest;

  /** Takes over {@code domain}. */
  protected DomainPagetable(Iommu iommu, IommuDomain.Paging domain) {
    this.iommu = iommu;
    this.domain = domain;
    this.smallest = PageSizes.smallest(domain.pgsizeBitmap());
  }

  /** The iovas that the devices can send. */
  @Override
  public abstract IommuGeometry reach();

  /** {@inheritDoc} What is out of range is said here: the log is for bugs of drivers. */
  @Override
  public final void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    if (((iova | pa | sizeBytes) & (smallest - 1)) != 0) {
      throw EINVAL.because("iova, pa or size is not a multiple of 0x%x", smallest);
    }
    IommuGeometry reach = reach();
    if (sizeBytes <= 0
        || iova < reach.apertureStart()
        || iova > reach.apertureEnd() - (sizeBytes - 1)) {
      throw ERANGE.because("0x%x bytes at iova 0x%x", sizeBytes, iova);
    }
    iommu.map(domain, iova, pa, sizeBytes, prot);
  }

  @Override
  public final long unmap(long iova, long sizeBytes) {
    if (((iova | sizeBytes) & (smallest - 1)) != 0) {
      return 0;
    }
    long unmappedBytes = 0;
    for (long done = 0; done < sizeBytes; ) {
      long step = iommu.unmap(domain, iova + done, sizeBytes - done);
      unmappedBytes += step;
      done += step == 0 ? smallest : step; // a hole: what is behind it goes too
    }
    return unmappedBytes;
  }

  @Override
  public long base() {
    return domain.pagetableBase();
  }

  @Override
  public final long iovaToPhys(long iova) {
    return iommu.iovaToPhys(domain, iova);
  }

  @Override
  public final PgtableWalk explain(long iova) {
    return domain.explain(iova);
  }

  @Override
  public final void forEachLeaf(LeafVisitor visitor) {
    domain.forEachLeaf(visitor);
  }
}
