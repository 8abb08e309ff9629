package org.smmulator.iommu.sva;

import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.mm.AddressSpace;

/**
 * A process's table on a device, counted: all binds of one process on one device share it. Kernel:
 * {@code struct iommu_sva}.
 */
public final class SvaHandle {
  private final Device device;
  private final IommuGroup group;
  private final SharedMm shared;
  private final SharedMm.DomainUse domain;

  /** The number of binds. */
  int users = 1;

  SvaHandle(Device device, IommuGroup group, SharedMm shared, SharedMm.DomainUse domain) {
    this.device = device;
    this.group = group;
    this.shared = shared;
    this.domain = domain;
  }

  public Device device() {
    return device;
  }

  /** The address space of the process whose table this is. */
  public AddressSpace mm() {
    return shared.mm();
  }

  /**
   * The PASID that the device tags its transactions with. Kernel: {@code iommu_sva_get_pasid()}.
   */
  public int pasid() {
    return shared.pasid();
  }

  public IommuDomain.Sva domain() {
    return domain.domain();
  }

  IommuGroup group() {
    return group;
  }

  SharedMm shared() {
    return shared;
  }

  SharedMm.DomainUse domainUse() {
    return domain;
  }
}
