package org.smmulator.iommu;

import com.google.common.primitives.ImmutableIntArray;

/**
 * How firmware says that a device masters through an IOMMU. Kernel: {@code struct iommu_fwspec}.
 *
 * @param iommu the instance
 * @param ids what the device's transactions carry there, in the driver's own encoding, in the order
 *     of the property
 */
public record IommuFwspec(IommuDevice iommu, ImmutableIntArray ids) {}
