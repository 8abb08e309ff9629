/**
 * What a mapping allows: {@link org.smmulator.iommu.prot.IommuProt}.
 *
 * <p>A package of its own because everyone who maps needs it, page-table formats and the drivers
 * that may not know of any format alike.
 */
@NullMarked
package org.smmulator.iommu.prot;

import org.jspecify.annotations.NullMarked;
