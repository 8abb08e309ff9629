/**
 * Allocates the addresses that devices use: ranges of iovas, caches in front, a queue behind.
 *
 * <p>Start at {@link org.smmulator.iommu.iova.IovaDomain}. {@link
 * org.smmulator.iommu.iova.IovaCaches} keeps what was freed at hand for the same CPU; {@link
 * org.smmulator.iommu.iova.FlushQueue} keeps what was unmapped until TLBs have forgotten it.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code struct iova_domain}, {@code alloc_iova()}, {@code reserve_iova()}</td><td>{@link
 *       org.smmulator.iommu.iova.IovaDomain}</td></tr>
 *   <tr><td>its {@code rbroot}, {@code struct iova}</td><td>{@link
 *       org.smmulator.iommu.iova.RangeTree}, {@link org.smmulator.iommu.iova.LeafIndex}, {@link
 *       org.smmulator.iommu.iova.HoleSizes}</td></tr>
 *   <tr><td>{@code struct iova_rcache}, {@code alloc_iova_fast()}</td><td>{@link
 *       org.smmulator.iommu.iova.IovaCaches}</td></tr>
 *   <tr><td>{@code struct iova_fq}, {@code queue_iova()} of {@code dma-iommu.c}</td><td>{@link
 *       org.smmulator.iommu.iova.FlushQueue}</td></tr>
 * </table>
 *
 * <p>Left out: CPUs that go away with their caches, as no board's do. A range is freed by its first
 * pfn only.
 *
 * <p>Threads: none of it takes a lock or waits, and the timer of a queue runs in its worker. Any
 * context may call.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.iova;

import org.jspecify.annotations.NullMarked;
