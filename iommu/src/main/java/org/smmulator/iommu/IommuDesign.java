package org.smmulator.iommu;

import org.smmulator.kernel.device.ArchDmaSetup;

/**
 * The core's side of the arguments: one implementation for each.
 *
 * @param split who cuts ranges into leaves: {@code iommu.map-split}
 * @param pageSizes whose page sizes count: {@code iommu.pgsize}
 * @param groups who belongs together: {@code iommu.groups}
 * @param arch which domain a device's DMA API maps into: {@code arch.dma-domain}
 * @param driverDomain what a driver's own domain is to the core: {@code dma.driver-domain}
 * @param dma the DMA API over IOMMUs
 */
public record IommuDesign(
    MapSplit split,
    PageSizePolicy pageSizes,
    GroupPolicy groups,
    ArchDmaSetup arch,
    DriverDomain driverDomain,
    DmaLayer dma) {
  /** Linux of today. */
  public static IommuDesign today(DmaLayer dma) {
    return new IommuDesign(
        new MapSplit.CoreBatched(),
        new PageSizePolicy.PerDomain(),
        new GroupPolicy.PerMaster(),
        new ArchDmaSetup.PerDevice(),
        new DriverDomain.DriverManaged(),
        dma);
  }

  /** Returns this design with another {@code iommu.map-split}. */
  public IommuDesign with(MapSplit other) {
    return new IommuDesign(other, pageSizes, groups, arch, driverDomain, dma);
  }

  /** Returns this design with another {@code iommu.pgsize}. */
  public IommuDesign with(PageSizePolicy other) {
    return new IommuDesign(split, other, groups, arch, driverDomain, dma);
  }

  /** Returns this design with another {@code iommu.groups}. */
  public IommuDesign with(GroupPolicy other) {
    return new IommuDesign(split, pageSizes, other, arch, driverDomain, dma);
  }

  /** Returns this design with another {@code arch.dma-domain}. */
  public IommuDesign with(ArchDmaSetup other) {
    return new IommuDesign(split, pageSizes, groups, other, driverDomain, dma);
  }

  /** Returns this design with another {@code dma.driver-domain}. */
  public IommuDesign with(DriverDomain other) {
    return new IommuDesign(split, pageSizes, groups, arch, other, dma);
  }
}
