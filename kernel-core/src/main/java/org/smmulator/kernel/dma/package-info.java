/**
 * The DMA API: how a driver makes memory reachable for its device.
 *
 * <p>Start at {@link org.smmulator.kernel.dma.DmaApi}, what drivers call, and {@link
 * org.smmulator.kernel.dma.DmaOps}, what does the work.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code kernel/dma/mapping.c}</td><td>{@link org.smmulator.kernel.dma.DmaApi}</td></tr>
 *   <tr><td>{@code kernel/dma/direct.c}</td><td>{@link
 *       org.smmulator.kernel.dma.DmaDirect}</td></tr>
 *   <tr><td>{@code struct dma_map_ops}</td><td>{@link org.smmulator.kernel.dma.DmaOps}</td></tr>
 *   <tr><td>{@code struct sg_table}</td><td>{@link
 *       org.smmulator.kernel.dma.ScatterList}</td></tr>
 *   <tr><td>{@code iommu_dma_prepare_msi()}</td><td>{@link
 *       org.smmulator.kernel.dma.MsiDoorbells}</td></tr>
 * </table>
 *
 * <p>Left out: bounce buffers (swiotlb); attributes that only matter to caches.
 */
@NullMarked
package org.smmulator.kernel.dma;

import org.jspecify.annotations.NullMarked;
