package org.smmulator.iommu;

/**
 * The core's side of the arguments: one implementation for each.
 *
 * @param split who cuts ranges into leaves: {@code iommu.map-split}
 * @param groups who belongs together: {@code iommu.groups}
 * @param dmaDomains which domain the DMA API owns: {@code arch.dma-domain}
 * @param driverDomain what a driver's own domain is to the core: {@code dma.driver-domain}
 * @param dma the DMA API over IOMMUs
 */
public record IommuDesign(
    MapSplit split,
    GroupPolicy groups,
    DmaDomains dmaDomains,
    DriverDomain driverDomain,
    DmaLayer dma) {
  /** What Linux does today. */
  public static IommuDesign today(DmaLayer dma) {
    return new IommuDesign(
        new CoreBatched(),
        new GroupPerMaster(),
        new DomainPerDevice(dma),
        new DriverManagedDma(),
        dma);
  }
}
