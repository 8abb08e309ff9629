/**
 * Protection bits of a mapping.
 *
 * <p>Start at {@link org.smmulator.iommu.prot.IommuProt}. Kernel: {@code IOMMU_READ} and its like
 * of {@code include/linux/iommu.h}.
 *
 * <p>A package of its own because everyone who maps needs it, page-table formats and the drivers
 * that may not know of any format alike.
 *
 * <p>Left out: no bit of Linux.
 *
 * <p>Threads: constants only.
 *
 * <p>Not public API: it may change with any release.
 */
@NullMarked
package org.smmulator.iommu.prot;

import org.jspecify.annotations.NullMarked;
