package org.smmulator.iommu.task.load;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuCap;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.task.DomainPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** One task's domain, which the IOMMU of a device walks while it is loaded. */
final class LoadedPagetable extends DomainPagetable {
  /** Loaded hardware tags nothing. */
  private static final int PASID = 0;

  /** A sysmmu translates 32 bits. */
  private static final IommuGeometry REACH = new IommuGeometry(0, 0xffff_ffffL, true);

  private final Device device;

  LoadedPagetable(Iommu iommu, Device device, IommuDomain.Paging domain) {
    super(iommu, domain);
    this.device = device;
  }

  @Override
  public IommuGeometry reach() {
    return REACH;
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
  public int pasid() {
    return PASID;
  }

  @Override
  public void free() {
    leave(device);
    iommu.free(domain);
  }
}
