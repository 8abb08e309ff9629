package org.smmulator.iommu;

/**
 * The kernel's parameters about IOMMUs.
 *
 * @param defaultType the type of a default domain about which no driver has an opinion, and of the
 *     boot log. Kernel: {@code iommu_def_domain_type}
 * @param dmaLayer whether the kernel has the DMA API over IOMMUs, {@code CONFIG_IOMMU_DMA}. Without
 *     it such devices get an identity domain: a translated one would leave the DMA API handing out
 *     physical addresses that the IOMMU refuses
 * @param said what of it was said on the kernel's command line
 */
public record IommuPolicy(DomainType defaultType, boolean dmaLayer, CommandLine said) {
  /**
   * The parameters that the command line had. Kernel: {@code iommu_cmd_line}.
   *
   * @param passthrough whether {@code iommu.passthrough} was given
   * @param strict whether {@code iommu.strict} was given
   */
  public record CommandLine(boolean passthrough, boolean strict) {
    /** Neither. */
    public static final CommandLine EMPTY = new CommandLine(false, false);
  }

  /**
   * A kernel with the DMA API over IOMMUs.
   *
   * @param passthrough whether devices bypass their IOMMU: {@code iommu.passthrough=1}
   * @param strict whether an unmap through the DMA API invalidates at once: {@code iommu.strict=1}
   */
  public static IommuPolicy of(boolean passthrough, boolean strict) {
    if (passthrough) {
      return new IommuPolicy(DomainType.IDENTITY, true, CommandLine.EMPTY);
    }
    return new IommuPolicy(strict ? DomainType.DMA : DomainType.DMA_FQ, true, CommandLine.EMPTY);
  }

  /** This policy, of which the boot log says that {@code given} was on the command line. */
  public IommuPolicy asSaidBy(CommandLine given) {
    return new IommuPolicy(defaultType, dmaLayer, given);
  }

  /** A kernel without it. */
  public static IommuPolicy withoutDmaLayer() {
    return new IommuPolicy(DomainType.DMA, false, CommandLine.EMPTY);
  }
}
