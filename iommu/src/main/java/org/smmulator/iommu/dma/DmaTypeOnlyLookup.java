package org.smmulator.iommu.dma;

import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;

/**
 * {@code dma-type-only}: the attached domain if the core made it for the DMA API, else none: calls
 * for a device whose driver has attached its own domain are direct. "Prevent iommu-dma from
 * operating on non-DMA domains", as it was put in 2018.
 *
 * <p>Right for a driver that maps for itself and calls the DMA API for coherency only; the end for
 * one that made a domain and wants the DMA API to map into it.
 */
public final class DmaTypeOnlyLookup implements DomainLookup {
  private final AttachedDomainLookup attached;

  /** Asks {@code attached} first, at its price. */
  public DmaTypeOnlyLookup(AttachedDomainLookup attached) {
    this.attached = attached;
  }

  @Override
  public @Nullable IommuDomain domainOf(IommuGroup group) {
    IommuDomain domain = attached.domainOf(group);
    return domain != null && domain.type().isDma() ? domain : null;
  }
}
