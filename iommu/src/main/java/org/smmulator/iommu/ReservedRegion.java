package org.smmulator.iommu;

/**
 * Iovas of a device that are not free. Kernel: {@code struct iommu_resv_region}.
 *
 * @param start the first iova
 * @param lengthBytes how far it goes
 * @param prot bits of {@link org.smmulator.iommu.prot.IommuProt}, for what is to be mapped there
 */
public record ReservedRegion(long start, long lengthBytes, int prot, Kind kind) {
  /** The reason for which it is reserved. Kernel: {@code enum iommu_resv_type}. */
  public enum Kind {
    /** Must be mapped one to one whatever domain the device is in. */
    DIRECT("direct"),
    /** Must be mapped one to one until a driver has reset the device. */
    DIRECT_RELAXABLE("direct-relaxable"),
    /** Must not be mapped. */
    RESERVED("reserved"),
    /** Interrupts go there and are not translated. */
    MSI("msi"),
    /** Software may put the doorbells of interrupts there. */
    SW_MSI("msi");

    private final String sysfsName;

    Kind(String sysfsName) {
      this.sysfsName = sysfsName;
    }

    /** The word in {@code /sys/kernel/iommu_groups/N/reserved_regions}. */
    public String sysfsName() {
      return sysfsName;
    }
  }

  /** The last iova, inclusive. */
  public long end() {
    return start + lengthBytes - 1;
  }
}
