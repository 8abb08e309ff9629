package org.smmulator.iommu;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;

/**
 * Domains for DMA under PASIDs, tables of processes among them, and answers to page requests.
 *
 * <p>Kernel: the PASID half of {@code drivers/iommu/iommu.c}.
 */
public final class IommuPasids {
  IommuPasids() {}

  /**
   * Puts what {@code device} sends under {@code pasid} into {@code domain}. Kernel: {@code
   * iommu_attach_device_pasid()}.
   *
   * @throws ErrnoException ENODEV if the device has no IOMMU; EOPNOTSUPP if that knows no PASIDs;
   *     EINVAL for a PASID that the device does not have, or a domain of another driver; EBUSY if
   *     the PASID is in use
   */
  public void attach(IommuDomain domain, Device device, int pasid) throws ErrnoException {
    IommuGroup group = DeviceIommu.requireGroup(device);
    try (var _ = group.hold()) {
      group.attachPasid(domain, pasid);
    }
  }

  /** Ends {@link #attach}. Kernel: {@code iommu_detach_device_pasid()}. */
  public void detach(Device device, int pasid) {
    IommuGroup group = DeviceIommu.groupOf(device);
    if (group != null) {
      try (var _ = group.hold()) {
        group.detachPasid(pasid);
      }
    }
  }

  /** The number of PASIDs, from 0 up, that {@code device} can send under; 0 for none. */
  public int max(Device device) {
    return DeviceIommu.groupOf(device) == null ? 0 : DeviceIommu.of(device).ops().maxPasids(device);
  }

  /**
   * Makes a domain whose table is that of {@code mm}, and keeps TLBs true to it. Kernel: {@code
   * iommu_sva_domain_alloc()}.
   *
   * @throws ErrnoException ENODEV if the device has no IOMMU; EOPNOTSUPP if that shares no table
   */
  public IommuDomain.Sva allocSva(Device device, AddressSpace mm) throws ErrnoException {
    var _ = DeviceIommu.requireGroup(device);
    IommuDomain.Sva made = DeviceIommu.of(device).ops().allocSva(device, mm);
    made.listen();
    return made;
  }

  /** Ends {@link #allocSva}. Nothing may be attached to the domain. */
  public void free(IommuDomain.Sva domain) {
    domain.stopListening();
    domain.free();
  }

  /** Returns whether page requests of {@code device} can be answered. */
  public boolean answersPageRequests(Device device) {
    return DeviceIommu.groupOf(device) != null
        && DeviceIommu.of(device).ops().answersPageRequests();
  }

  /** Tells {@code device} what became of what it asked for. Kernel: {@code page_response()}. */
  public void answer(Device device, PageRequest request, PageResponse response) {
    DeviceIommu.of(device).ops().answer(device, request, response);
  }
}
