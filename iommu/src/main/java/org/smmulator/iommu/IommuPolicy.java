package org.smmulator.iommu;

/**
 * The kernel's parameters about IOMMUs.
 *
 * @param defaultType the type of a default domain about which no driver has an opinion, and of the
 *     boot log. Kernel: {@code iommu_def_domain_type}
 * @param dmaLayer whether the kernel has the DMA API over IOMMUs, {@code CONFIG_IOMMU_DMA}. Without
 *     it such devices get an identity domain: a translated one would leave the DMA API handing out
 *     physical addresses that the IOMMU refuses
 */
public record IommuPolicy(DomainType defaultType, boolean dmaLayer) {
  /**
   * A kernel with the DMA API over IOMMUs.
   *
   * @param passthrough whether devices bypass their IOMMU: {@code iommu.passthrough=1}
   * @param strict whether an unmap through the DMA API invalidates at once: {@code iommu.strict=1}
   */
  public static IommuPolicy of(boolean passthrough, boolean strict) {
    if (passthrough) {
      return new IommuPolicy(DomainType.IDENTITY, true);
    }
    return new IommuPolicy(strict ? DomainType.DMA : DomainType.DMA_FQ, true);
  }

  /** A kernel without it. */
  public static IommuPolicy withoutDmaLayer() {
    return new IommuPolicy(DomainType.DMA, false);
  }
}
