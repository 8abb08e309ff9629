/**
 * The DMA API: how a driver makes memory reachable for its device.
 *
 * <p>Start at {@link org.smmulator.kernel.dma.DmaApi}, what drivers call, and {@link
 * org.smmulator.kernel.dma.DmaOps}, what does the work. Who touches memory that is mapped for
 * streaming DMA does so through {@link org.smmulator.kernel.mm.CpuMemory}.
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
 *   <tr><td>{@code kernel/dma/swiotlb.c}</td><td>{@link
 *       org.smmulator.kernel.dma.Swiotlb}</td></tr>
 *   <tr><td>{@code dma_kmalloc_needs_bounce()}</td><td>{@link
 *       org.smmulator.kernel.dma.SmallBuffers}</td></tr>
 *   <tr><td>{@code swiotlb_create_debugfs_files()}</td><td>{@link
 *       org.smmulator.kernel.dma.SwiotlbNodes}</td></tr>
 *   <tr><td>{@code kernel/dma/debug.c}</td><td>{@link
 *       org.smmulator.kernel.dma.DmaDebug}</td></tr>
 *   <tr><td>{@code include/trace/events/dma.h}</td><td>{@link
 *       org.smmulator.kernel.dma.DmaEvents}</td></tr>
 *   <tr><td>{@code arch_sync_dma_for_device()}</td><td>{@link
 *       org.smmulator.kernel.dma.CacheSync}</td></tr>
 * </table>
 *
 * <p>Left out: pools and reserved memory of one device, atomic pools, encrypted memory, DMA between
 * devices; attributes that say how coherent memory is cached; allocations of pages and of memory in
 * pieces that the driver sees as pieces.
 *
 * <p>Threads: mapping and unmapping work in any context, as in the kernel; allocating coherent
 * memory belongs to contexts that may block.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.kernel.dma;

import org.jspecify.annotations.NullMarked;
