/**
 * Page tables for IOMMUs, bit for bit, in the machine's memory.
 *
 * <p>Start at {@link org.smmulator.iommu.pgtable.IoPgtable}, which is all that an IOMMU's driver
 * sees.
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
 * </table>
 */
@NullMarked
package org.smmulator.iommu.pgtable;

import org.jspecify.annotations.NullMarked;
