package org.smmulator.kernel.device;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The architecture's part in preparing a device for DMA, after the IOMMU's: the switch {@code
 * arch.dma-domain}.
 *
 * <p>Deacon's proposal of 2014 hands the architecture the domain and the allocator of each IOMMU
 * instance and lets it decide: "I'd like to have as little of this as possible in the IOMMU
 * drivers". The hook was merged; default domains of the IOMMU core took the decision later.
 */
public sealed interface ArchDmaSetup {
  /**
   * Prepares {@code device}: when its group is to have a domain of the DMA API, and before each
   * probe. Kernel: {@code arch_setup_dma_ops()}.
   *
   * @param base the lowest address that the bus carries
   * @param sizeBytes how many addresses it carries from there on, 0 for all 64 bits
   * @param mapping the domains that the device's group can be in; null if it has no IOMMU, does not
   *     go through it, or is in a domain already
   * @param coherent whether the device snoops the CPUs' caches
   * @throws ErrnoException ENOMEM
   */
  default void setupDmaOps(
      Device device, long base, long sizeBytes, @Nullable IommuMapping mapping, boolean coherent)
      throws ErrnoException {
    device.dma().setCoherent(coherent);
    if (mapping != null) {
      mapping.attach(domainFor(mapping));
    }
  }

  /** Kernel: {@code arch_teardown_dma_ops()}, which has nothing left to do on arm64. */
  default void teardownDmaOps(Device device) {}

  /**
   * The domain of {@code mapping} that this value chooses.
   *
   * @throws ErrnoException ENOMEM
   */
  IommuMapping.Domain domainFor(IommuMapping mapping) throws ErrnoException;

  /**
   * {@code per-device}: each group has a domain of its own, so that no device reaches another's
   * buffers. Arm's code did so in 2014, and the IOMMU core does so for everyone today.
   */
  record PerDevice() implements ArchDmaSetup {
    @Override
    public IommuMapping.Domain domainFor(IommuMapping mapping) throws ErrnoException {
      return mapping.ofDevice();
    }
  }

  /**
   * {@code per-iommu-instance}: all devices behind one IOMMU share its domain and its allocator.
   * Fewer tables; and each device reaches what any of them mapped.
   */
  record PerIommuInstance() implements ArchDmaSetup {
    @Override
    public IommuMapping.Domain domainFor(IommuMapping mapping) throws ErrnoException {
      return mapping.ofInstance();
    }
  }

  /**
   * {@code listed-devices}: Reding's counter-proposal of 2014. The IOMMU's driver lists the devices
   * whose DMA the kernel alone uses, such as SD/MMC hosts; they share a domain that is reserved for
   * the DMA API, one for each IOMMU. The others reach nothing until their driver attaches a domain,
   * and their DMA API is direct.
   */
  record ListedDevices() implements ArchDmaSetup {
    @Override
    public IommuMapping.Domain domainFor(IommuMapping mapping) throws ErrnoException {
      return mapping.isListed() ? mapping.ofInstance() : mapping.blocked();
    }
  }
}
