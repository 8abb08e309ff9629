/**
 * What every driver of an IOMMU must do, on its own hardware's model.
 *
 * <p>Start at {@link org.smmulator.iommu.contract.IommuDriverContract}: a driver's test extends it
 * and says, with an {@link org.smmulator.iommu.contract.IommuHarness}, how its hardware is set up.
 * Its random steps can lose invalidations on the way: {@link org.smmulator.iommu.contract.Losses}.
 * {@code HostileDevice} reads at the worst moments, {@code FailingAllocations} takes every path
 * that undoes something.
 */
@NullMarked
package org.smmulator.iommu.contract;

import org.jspecify.annotations.NullMarked;
