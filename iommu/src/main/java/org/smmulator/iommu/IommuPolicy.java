package org.smmulator.iommu;

/**
 * The kernel's parameters about IOMMUs.
 *
 * @param passthrough whether devices about which no driver has an opinion bypass their IOMMU:
 *     {@code iommu.passthrough=1}
 * @param strict whether an unmap through the DMA API invalidates at once: {@code iommu.strict=1}
 * @param dmaLayer whether the kernel has the DMA API over IOMMUs, {@code CONFIG_IOMMU_DMA}. Without
 *     it such devices get an identity domain: a translated one would leave the DMA API handing out
 *     physical addresses that the IOMMU refuses
 */
public record IommuPolicy(boolean passthrough, boolean strict, boolean dmaLayer) {
  /** The default domain type of the boot log. Kernel: {@code iommu_def_domain_type}. */
  public DomainType defaultType() {
    if (passthrough) {
      return DomainType.IDENTITY;
    }
    return strict ? DomainType.DMA : DomainType.DMA_FQ;
  }
}
