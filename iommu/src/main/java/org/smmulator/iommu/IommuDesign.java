package org.smmulator.iommu;

/**
 * The core's side of the arguments: one implementation for each.
 *
 * @param split who cuts ranges into leaves: {@code iommu.map-split}
 * @param pageSizes whose page sizes count: {@code iommu.pgsize}
 * @param groups who belongs together: {@code iommu.groups}
 * @param dmaDomains which domain the DMA API owns: {@code arch.dma-domain}
 * @param driverDomain what a driver's own domain is to the core: {@code dma.driver-domain}
 * @param dma the DMA API over IOMMUs
 */
public record IommuDesign(
    MapSplit split,
    PageSizePolicy pageSizes,
    GroupPolicy groups,
    DmaDomains dmaDomains,
    DriverDomain driverDomain,
    DmaLayer dma) {
  /** What Linux does today. */
  public static IommuDesign today(DmaLayer dma) {
    return new IommuDesign(
        new CoreBatched(),
        new PageSizesPerDomain(),
        new GroupPerMaster(),
        new DomainPerDevice(dma),
        new DriverManagedDma(),
        dma);
  }

  /** The same with another {@code iommu.map-split}. */
  public IommuDesign with(MapSplit other) {
    return new IommuDesign(other, pageSizes, groups, dmaDomains, driverDomain, dma);
  }

  /** The same with another {@code iommu.pgsize}. */
  public IommuDesign with(PageSizePolicy other) {
    return new IommuDesign(split, other, groups, dmaDomains, driverDomain, dma);
  }

  /** The same with another {@code iommu.groups}. */
  public IommuDesign with(GroupPolicy other) {
    return new IommuDesign(split, pageSizes, other, dmaDomains, driverDomain, dma);
  }

  /** The same with another {@code arch.dma-domain}. */
  public IommuDesign with(DmaDomains other) {
    return new IommuDesign(split, pageSizes, groups, other, driverDomain, dma);
  }

  /** The same with another {@code dma.driver-domain}. */
  public IommuDesign with(DriverDomain other) {
    return new IommuDesign(split, pageSizes, groups, dmaDomains, other, dma);
  }
}
