package org.smmulator.iommu;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * Which domain a group's DMA goes into when the DMA API is to own it: the switch {@code
 * arch.dma-domain}, one class for each value. Calls come with the group's lock held.
 */
public interface DmaDomains {
  /**
   * The domain for a group of at least one device.
   *
   * @param type what the policy wants, {@link DomainType#DMA} or {@link DomainType#DMA_FQ}
   * @throws ErrnoException ENOMEM
   */
  IommuDomain domainFor(IommuGroup group, DomainType type) throws ErrnoException;

  /** The group is gone from {@code domain}, which it got here. */
  void release(IommuDomain domain);
}
