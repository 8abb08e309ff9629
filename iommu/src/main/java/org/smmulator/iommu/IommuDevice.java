package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.ENODEV;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * One instance of IOMMU hardware that has a driver. Kernel: {@code struct iommu_device}.
 *
 * @param hardware the device that the driver is bound to
 */
public record IommuDevice(Device hardware, IommuOps ops) {
  /**
   * Returns what the driver keeps for its hardware.
   *
   * @throws ErrnoException ENODEV if the hardware has no driver, or another's
   */
  public <T> T driverData(Class<T> type) throws ErrnoException {
    T found = hardware.find(type);
    if (found == null) {
      throw ENODEV.because("%s has no driver", this);
    }
    return found;
  }

  @Override
  public String toString() {
    return hardware.name();
  }
}
