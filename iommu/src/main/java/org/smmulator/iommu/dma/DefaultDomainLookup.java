package org.smmulator.iommu.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;

/**
 * {@code default-domain}: the group's default domain, whatever the group is attached to. What Linux
 * does since Murphy's fast path of 2018. Kernel: {@code iommu_get_dma_domain()}.
 *
 * <p>A device with a driver lives as long as its group, so no reference is needed, and no other CPU
 * waits for the group's counter. The price: a driver that has attached a domain of its own maps
 * where its device does not look.
 */
public final class DefaultDomainLookup implements DomainLookup {
  @Override
  public @Nullable IommuDomain domainOf(IommuGroup group) {
    return group.dmaDomain();
  }
}
