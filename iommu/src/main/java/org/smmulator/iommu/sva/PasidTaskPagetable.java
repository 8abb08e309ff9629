package org.smmulator.iommu.sva;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.PageSizes;
import org.smmulator.iommu.pgtable.LeafVisitor;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** One task's domain under one PASID, on each device that has joined. */
final class PasidTaskPagetable implements TaskPagetable {
  private final Iommu iommu;
  private final GlobalPasids pasids;
  private final Device device;
  private final IommuDomain.Paging domain;
  private final int pasid;
  private final long smallest;

  /** Takes over {@code pasid} and what is attached under it. */
  PasidTaskPagetable(
      Iommu iommu, GlobalPasids pasids, Device device, IommuDomain.Paging domain, int pasid) {
    this.iommu = iommu;
    this.pasids = pasids;
    this.device = device;
    this.domain = domain;
    this.pasid = pasid;
    this.smallest = PageSizes.smallest(domain.pgsizeBitmap());
  }

  /** {@inheritDoc} What is out of range is said here: the log is for bugs of drivers. */
  @Override
  public void map(long iova, long pa, long sizeBytes, int prot) throws ErrnoException {
    if (((iova | pa | sizeBytes) & (smallest - 1)) != 0) {
      throw EINVAL.because("iova, pa or size is not a multiple of 0x%x", smallest);
    }
    IommuGeometry reach = domain.geometry();
    if (sizeBytes <= 0
        || iova < reach.apertureStart()
        || iova > reach.apertureEnd() - (sizeBytes - 1)) {
      throw ERANGE.because("0x%x bytes at iova 0x%x", sizeBytes, iova);
    }
    iommu.map(domain, iova, pa, sizeBytes, prot);
  }

  @Override
  public long unmap(long iova, long sizeBytes) {
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
  public long base() {
    return domain.pagetableBase();
  }

  @Override
  public int pasid() {
    return pasid;
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

  /** {@inheritDoc} The PASID is free again last: until then the device may send under it. */
  @Override
  public void free() {
    iommu.pasids().detach(device, pasid);
    iommu.free(domain);
    pasids.release(pasid);
  }
}
