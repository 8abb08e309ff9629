package org.smmulator.iommu.dma;

import org.smmulator.iommu.prot.IommuProt;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaDirection;

/**
 * Turns direction and attributes of a mapping into {@code IOMMU_*} protection bits. Kernel: {@code
 * dma_info_to_prot()}.
 */
final class DmaProt {
  private DmaProt() {}

  static int of(Device device, DmaDirection direction, int attrs) {
    int memory = device.dma().isCoherent() ? IommuProt.CACHE : 0;
    int prot = (attrs & DmaAttr.MMIO) != 0 ? IommuProt.MMIO : memory;
    if ((attrs & DmaAttr.PRIVILEGED) != 0) {
      prot |= IommuProt.PRIV;
    }
    return switch (direction) {
      case BIDIRECTIONAL -> prot | IommuProt.READ | IommuProt.WRITE;
      case TO_DEVICE -> prot | IommuProt.READ;
      case FROM_DEVICE -> prot | IommuProt.WRITE;
      case NONE -> 0;
    };
  }
}
