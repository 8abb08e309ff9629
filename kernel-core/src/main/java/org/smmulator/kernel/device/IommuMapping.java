package org.smmulator.kernel.device;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * A device's way through its IOMMU, as bus code hands it to the architecture. Kernel: {@code struct
 * iommu_dma_mapping} of Deacon's RFC of 2014; the IOMMU core implements it.
 */
public interface IommuMapping {
  /** A domain, and the allocator of its iovas. */
  interface Domain {}

  /**
   * The domain of the IOMMU instance that the device masters through, made at the first call.
   *
   * @throws ErrnoException ENOMEM
   */
  Domain ofInstance() throws ErrnoException;

  /**
   * A new domain that only the device's group is in.
   *
   * @throws ErrnoException ENOMEM
   */
  Domain ofDevice() throws ErrnoException;

  /**
   * The domain in which a device reaches nothing.
   *
   * @throws ErrnoException ENOMEM
   */
  Domain blocked() throws ErrnoException;

  /** Returns whether the IOMMU's driver lists all devices of the group as users of the DMA API. */
  boolean isListed();

  /** Puts the device's group into {@code domain}, whose allocator its DMA API uses then. */
  void attach(Domain domain);
}
