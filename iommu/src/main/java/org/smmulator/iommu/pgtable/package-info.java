/**
 * Page tables for IOMMUs, bit for bit, in the machine's memory.
 *
 * <p>Start at {@link org.smmulator.iommu.pgtable.IoPgtable}, which is all that an IOMMU's driver
 * sees; {@link org.smmulator.iommu.pgtable.IoPgtables} makes one. Of the LPAE format read {@code
 * LpaeBits} (the layout), {@code LpaeGeometry} (the levels), {@code LpaeFormat} (what can be made),
 * then {@code LpaePgtable} (map, unmap, translate); of the ARMv7 short descriptors likewise {@code
 * V7sBits}, {@code V7sFormat}, {@code V7sEntries}, {@code V7sPgtable}; of Samsung's {@code
 * ExynosEncoding}, {@code ExynosFormat}, {@code ExynosPgtable}.
 *
 * <table>
 *   <caption>Where the kernel's names went</caption>
 *   <tr><th>Kernel</th><th>Here</th></tr>
 *   <tr><td>{@code include/linux/io-pgtable.h}, {@code struct io_pgtable_ops}</td><td>{@link
 *       org.smmulator.iommu.pgtable.IoPgtable}</td></tr>
 *   <tr><td>{@code struct io_pgtable_cfg}</td><td>{@link
 *       org.smmulator.iommu.pgtable.IoPgtableConfig} (in), {@link
 *       org.smmulator.iommu.pgtable.PgtableRegisters} (out)</td></tr>
 *   <tr><td>{@code struct iommu_flush_ops}</td><td>{@link
 *       org.smmulator.iommu.pgtable.FlushOps}</td></tr>
 *   <tr><td>{@code struct iommu_iotlb_gather}</td><td>{@link
 *       org.smmulator.iommu.pgtable.IotlbGather}</td></tr>
 *   <tr><td>{@code drivers/iommu/io-pgtable.c}</td><td>{@link
 *       org.smmulator.iommu.pgtable.IoPgtables}</td></tr>
 *   <tr><td>{@code drivers/iommu/io-pgtable-arm.c}</td><td>{@code LpaeFormat}, {@code
 *       LpaePgtable}</td></tr>
 *   <tr><td>{@code drivers/iommu/io-pgtable-arm-v7s.c}</td><td>{@code V7sFormat}, {@code
 *       V7sPgtable}</td></tr>
 *   <tr><td>the tables inside {@code drivers/iommu/exynos-iommu.c}</td><td>{@code ExynosFormat},
 *       {@code ExynosPgtable}</td></tr>
 *   <tr><td>{@code arm_lpae_prot_to_pte()}</td><td>{@code LpaeAttributes}</td></tr>
 * </table>
 *
 * <p>As the kernel does it: one call of LPAE never crosses a table page, so callers loop on the
 * bytes mapped; a block may take the place of a table with live leaves; empty tables stay. Unlike
 * the kernel: translating an iova outside of the table gives 0, where the kernel would drop the
 * excess bits; and a root smaller than a granule has a whole one to itself, see {@code
 * TableFrames}.
 *
 * <p>Left out, and why: custom allocators (no format here needs one), the formats of Mali, Apple
 * and AMD (no board has them).
 *
 * <p>Threads: one context runs at a time and nothing in here waits, except that a {@code FlushOps}
 * may touch registers. A table is out of its parent before its walk is flushed, and leaves are
 * cleared before their pages are gathered.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.pgtable;

import org.jspecify.annotations.NullMarked;
