package org.smmulator.kernel.device;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Multimaps;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtMapping;
import org.smmulator.kernel.firmware.DtNode;

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
      Multimaps.index(device.node().mappings(MAP), DtMapping::target)
          .asMap()
          .forEach((iommu, entries) -> report(device, iommu, ImmutableList.copyOf(entries)));
    } catch (DeviceTreeException e) {
      device.err("%s", e.getMessage());
    }
  }

  /** Tells of all entries of one IOMMU in a line: a host can have one for each function. */
  private static void report(
      PlatformDevice device, DtNode iommu, ImmutableList<DtMapping> entries) {
    device.info(
        "iommu-map: functions 0x%x-0x%x are streams 0x%x-0x%x of %s%s; PCI is left out",
        entries.stream().mapToLong(entry -> number(entry.first())).min().orElse(0),
        entries.stream().mapToLong(entry -> last(entry.first(), entry)).max().orElse(0),
        entries.stream().mapToLong(entry -> number(entry.mapped())).min().orElse(0),
        entries.stream().mapToLong(entry -> last(entry.mapped(), entry)).max().orElse(0),
        iommu.name(),
        entries.size() == 1 ? "" : ", in %d runs".formatted(entries.size()));
  }

  private static long last(int first, DtMapping entry) {
    return number(first) + number(entry.count()) - 1;
  }

  private static long number(int cell) {
    return Integer.toUnsignedLong(cell);
  }
}
