package org.smmulator.iommu.task.load;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.PageSizes;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** One task's domain, which the IOMMU of a device walks while it is loaded. */
final class LoadedPagetable implements TaskPagetable {
  /** Loaded hardware tags nothing. */
  private static final int PASID = 0;

  /** A sysmmu translates 32 bits. */
  private static final long LAST_IOVA = 0xffff_ffffL;

  private final Iommu iommu;
  private final Device device;
  private final IommuDomain.Paging domain;
  private final long smallest;

  LoadedPagetable(Iommu iommu, Device device, IommuDomain.Paging domain) {
    this.iommu = iommu;
    this.device = device;
    this.domain = domain;
    this.smallest = PageSizes.smallest(domain.pgsizeBitmap());
  }

  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    if (((iova | pa | sizeBytes) & (smallest - 1)) != 0) {
      throw EINVAL.because("iova, pa or size is not a multiple of 0x%x", smallest);
    }
    if (iova < 0 || iova > LAST_IOVA - (sizeBytes - 1)) {
      throw ERANGE.because("0x%x bytes at iova 0x%x", sizeBytes, iova);
    }
    iommu.map(domain, iova, pa, sizeBytes, prot);
  }

  @Override
  public long unmap(long iova, long sizeBytes) {
    return ((iova | sizeBytes) & (smallest - 1)) == 0 ? iommu.unmap(domain, iova, sizeBytes) : 0;
  }

  /** {@inheritDoc} The device goes on with what it has, until {@link #load}. */
  @Override
  public void join(Device other) throws ErrnoException {
    if (iommu.groupOf(other) == null) {
      throw ENODEV.because("%s has no IOMMU", other.name());
    }
    if (!iommu.capable(other, IommuCap.TABLE_SWITCH)) {
      throw EINVAL.because("the IOMMU of %s loads no tables", other.name());
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a domain has an identity
  public void leave(Device other) {
    if (iommu.domainOf(other) == domain) {
      iommu.detach(domain, other);
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a domain has an identity
  public void load(Device other) throws ErrnoException {
    if (iommu.domainOf(other) != domain) {
      iommu.load(domain, other);
    }
  }

  @Override
  public long base() {
    return domain.pagetableBase();
  }

  @Override
  public int pasid() {
    return PASID;
  }

  @Override
  public long iovaToPhys(long iova) {
    return iommu.iovaToPhys(domain, iova);
  }

  @Override
  public String explain(long iova) {
    return domain.explain(iova);
  }

  @Override
  public void forEachLeaf(LeafVisitor visitor) {
    domain.forEachLeaf(visitor);
  }

  @Override
  public void free() {
    leave(device);
    iommu.free(domain);
  }
}
