package org.smmulator.iommu.sva;

import jakarta.inject.Inject;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.task.TaskBinder;
import org.smmulator.iommu.task.TaskPagetable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Task;

/**
 * The explicit side of the 2017 proposal on devices with PASIDs: each bind makes a domain, with a
 * table and an ASID of its own, and attaches it under a PASID that nobody else has.
 *
 * <p>So the IOMMU's driver owns the table and invalidates what is unmapped; the device's driver
 * tags its jobs with the PASID and has nothing to switch. Kernel: {@code iommu_bind_task()}, made
 * of {@code iommu_paging_domain_alloc_flags()} and {@code iommu_attach_device_pasid()}.
 */
public final class PasidBinder implements TaskBinder {
  private final Iommu iommu;
  private final GlobalPasids pasids;
  private final TaskBinder others;

  /**
   * Makes the binder.
   *
   * @param others binds on devices that send under no PASID
   */
  @Inject
  public PasidBinder(Iommu iommu, GlobalPasids pasids, TaskBinder others) {
    this.iommu = iommu;
    this.pasids = pasids;
    this.others = others;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ErrnoException ENOSPC if there is no PASID left; EINVAL if the device's own domain
   *     leaves no room for PASIDs; ENOMEM; on a device without PASIDs, what its binder throws
   */
  @Override
  public TaskPagetable bind(Device device, Task task) throws ErrnoException {
    int limit = iommu.pasids().max(device);
    if (limit == 0) {
      return others.bind(device, task);
    }
    int pasid = pasids.take(limit);
    try {
      return new PasidTaskPagetable(iommu, pasids, device, attached(device, pasid), pasid);
    } catch (ErrnoException e) {
      pasids.release(pasid);
      throw e;
    }
  }

  private IommuDomain.Paging attached(Device device, int pasid) throws ErrnoException {
    IommuDomain.Paging domain = iommu.allocPaging(device, IommuOps.ALLOC_PASID);
    try {
      iommu.pasids().attach(domain, device, pasid);
    } catch (ErrnoException e) {
      iommu.free(domain);
      throw e;
    }
    return domain;
  }

  @Override
  public IommuGeometry prepare(Device device, IommuDomain.Paging master) throws ErrnoException {
    return others.prepare(device, master);
  }

  @Override
  public void unprepare(Device device) {
    others.unprepare(device);
  }
}
