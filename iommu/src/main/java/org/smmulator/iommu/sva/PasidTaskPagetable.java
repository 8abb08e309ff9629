package org.smmulator.iommu.sva;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.task.DomainPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** One task's domain under one PASID, on each device that has joined. */
final class PasidTaskPagetable extends DomainPagetable {
  private final GlobalPasids pasids;
  private final Device device;
  private final int pasid;

  /** Takes over {@code pasid} and what is attached under it. */
  PasidTaskPagetable(
      Iommu iommu, GlobalPasids pasids, Device device, IommuDomain.Paging domain, int pasid) {
    super(iommu, domain);
    this.pasids = pasids;
    this.device = device;
    this.pasid = pasid;
  }

  @Override
  public IommuGeometry reach() {
    return domain.geometry();
  }

  /** {@inheritDoc} A PASID means the same on all devices, so the table's is used there too. */
  @Override
  public void join(Device other) throws ErrnoException {
    if (iommu.groupOf(other) != null && iommu.pasids().max(other) == 0) {
      throw EINVAL.because("%s sends under no PASID", other.name());
    }
    iommu.pasids().attach(domain, other, pasid);
  }

  @Override
  public void leave(Device other) {
    iommu.pasids().detach(other, pasid);
  }

  @Override
  public int pasid() {
    return pasid;
  }

  /** {@inheritDoc} The PASID is free again last: until then the device may send under it. */
  @Override
  public void free() {
    iommu.pasids().detach(device, pasid);
    iommu.free(domain);
    pasids.release(pasid);
  }
}
