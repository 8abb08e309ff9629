/**
 * The DMA API over IOMMUs: a driver maps memory, and its device finds it at an iova.
 *
 * <p>Start at {@link org.smmulator.iommu.dma.IommuDma}, which the core sets up for a device and
 * {@link org.smmulator.kernel.dma.DmaApi} calls, then read {@link
 * org.smmulator.iommu.dma.DomainLookup}: the argument of 2018 about which domain that maps into.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code dma-iommu.c}: {@code iommu_dma_map_phys()}, {@code iommu_dma_map_sg()}</td><td>{@link
 *       org.smmulator.iommu.dma.IommuDma}</td></tr>
 *   <tr><td>{@code struct iommu_dma_cookie}, {@code iommu_dma_init_domain()}</td><td>{@link
 *       org.smmulator.iommu.dma.DmaCookie}</td></tr>
 *   <tr><td>its loops over the entries of a list, {@code __finalise_sg()}</td><td>{@link
 *       org.smmulator.iommu.dma.SgLayout}</td></tr>
 *   <tr><td>{@code iommu_get_dma_domain()}, {@code iommu_get_domain_for_dev()}</td><td>{@link
 *       org.smmulator.iommu.dma.DomainLookup}</td></tr>
 *   <tr><td>{@code iommu_get_msi_cookie()}, {@code iommu_dma_prepare_msi()}</td><td>{@link
 *       org.smmulator.iommu.dma.IommuMsiDoorbells}</td></tr>
 * </table>
 *
 * <p>Left out, and why: peer-to-peer pages and the preference for 32-bit iovas (both are for PCI,
 * and there is none), {@code dma_iova_link()} (no driver here builds mappings in steps).
 *
 * <p>Threads: none of it takes a lock. Two calls may interleave while the IOMMU's driver waits for
 * its hardware; each has its own iovas by then.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.dma;

import org.jspecify.annotations.NullMarked;
