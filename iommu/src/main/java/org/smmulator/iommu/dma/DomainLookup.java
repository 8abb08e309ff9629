package org.smmulator.iommu.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;

/**
 * Into which domain a call of the DMA API maps: the switch {@code dma.iommu-lookup}, one class for
 * each value.
 *
 * <p>Asked on every call, so it allocates nothing. The MSI path does not ask it; see {@link
 * MsiDoorbells}.
 */
public interface DomainLookup {
  /** The domain for a device of {@code group}; null if the call is to go past the IOMMU. */
  @Nullable IommuDomain domainOf(IommuGroup group);
}
