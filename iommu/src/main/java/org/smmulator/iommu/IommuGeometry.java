package org.smmulator.iommu;

/**
 * The iovas that a domain can map. Kernel: {@code struct iommu_domain_geometry}.
 *
 * <p>Addresses are unsigned: a domain in TTBR1 starts at {@code 0xffff...}.
 *
 * @param apertureStart the first iova
 * @param apertureEnd the last iova, inclusive
 * @param forceAperture whether DMA outside is refused, rather than passed through
 */
public record IommuGeometry(long apertureStart, long apertureEnd, boolean forceAperture) {}
