/**
 * The driver of Arm's SMMUv2 and of Qualcomm's variants of it.
 *
 * <p>Start at {@link org.smmulator.iommu.smmuv2.AdrenoSmmu}, what a GPU's driver sees.
 */
@NullMarked
package org.smmulator.iommu.smmuv2;

import org.jspecify.annotations.NullMarked;
