package org.smmulator.iommu.dma;

import org.smmulator.kernel.device.Device;

/** The DMA layer's state of a domain that it hands out addresses of. */
sealed interface DomainCookie permits DmaCookie, MsiCookie {
  /** An iova was not to be had. */
  long NO_IOVA = 0;

  MsiPages msiPages();

  /** The size of the pieces in which doorbells are mapped. */
  long msiPageBytes();

  /** An iova for a doorbell that {@code device} writes to, or {@link #NO_IOVA}. */
  long takeMsiIova(Device device);

  /** Gives the last one back. */
  void giveBackMsiIova(long iova);
}
