package org.smmulator.kernel.device;

import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtMapping;

/**
 * Says of a PCI host how its functions would master. PCI itself is left out: no function is found,
 * so nothing is behind the map. Kernel: {@code of_pci_iommu_init()} in {@code
 * drivers/iommu/of_iommu.c}.
 */
final class PciHosts {
  private static final String MAP = "iommu-map";

  private PciHosts() {}

  static void report(PlatformDevice device) {
    try {
      for (DtMapping entry : device.node().mappings(MAP)) {
        device.info(
            "iommu-map: functions 0x%x-0x%x are streams 0x%x-0x%x of %s; PCI is left out",
            entry.first(),
            entry.first() + entry.count() - 1,
            entry.mapped(),
            entry.mapped() + entry.count() - 1,
            entry.target().name());
      }
    } catch (DeviceTreeException e) {
      device.err("%s", e.getMessage());
    }
  }
}
