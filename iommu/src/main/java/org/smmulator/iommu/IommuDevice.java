package org.smmulator.iommu;

import org.smmulator.kernel.device.Device;

/**
 * One instance of IOMMU hardware that has a driver. Kernel: {@code struct iommu_device}.
 *
 * @param hardware the device that the driver is bound to
 */
public record IommuDevice(Device hardware, IommuOps ops) {
  @Override
  public String toString() {
    return hardware.name();
  }
}
