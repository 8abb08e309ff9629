package org.smmulator.iommu.iopf;

import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * Passes page requests from an IOMMU's driver to the handler that can bring the page. Kernel:
 * {@code iommu_report_device_fault()}.
 */
public final class PageFaults {
  private final Iommu iommu;
  private final PageFaultHandler processes;

  /**
   * Takes page requests of all devices.
   *
   * @param processes deals with those for tables of processes; for another domain it is the {@link
   *     PageFaultHandler} that its owner made its cookie
   */
  @Inject
  public PageFaults(Iommu iommu, PageFaultHandler processes) {
    this.iommu = iommu;
    this.processes = processes;
  }

  /**
   * Reports one request; called by the thread of the driver's interrupt. The device is answered in
   * any case, at the last request of a group.
   *
   * @return false if there is no handler for it; the device has been answered INVALID then
   */
  public boolean report(Device device, PageRequest request) {
    DeviceFaults faults = device.find(DeviceFaults.class);
    IommuDomain domain = domainOf(device, request);
    PageFaultHandler handler = handlerOf(domain);
    if (faults == null || domain == null || handler == null) {
      if (iommu.pasids().answersPageRequests(device)) {
        iommu.pasids().answer(device, request, PageResponse.INVALID);
      }
      return false;
    }
    if (!request.isLast()) {
      faults.keep(request);
      return true;
    }
    FaultGroup group = faults.complete(request, domain);
    try {
      handler.handle(group);
    } catch (ErrnoException e) {
      device.warnRatelimited(
          "iommu_report_device_fault", "iopf with pasid %d aborted", request.pasid());
      group.respond(PageResponse.FAILURE);
    }
    return true;
  }

  private @Nullable IommuDomain domainOf(Device device, PageRequest request) {
    IommuGroup group = iommu.groupOf(device);
    if (group == null) {
      return null;
    }
    return request.hasPasid() ? group.domainOfPasid(request.pasid()) : group.domain();
  }

  private @Nullable PageFaultHandler handlerOf(@Nullable IommuDomain domain) {
    return switch (domain) {
      case null -> null;
      case IommuDomain.Fixed _ -> null;
      case IommuDomain.Sva _ -> processes;
      case IommuDomain.Paging paging -> paging.cookie(PageFaultHandler.class);
    };
  }
}
