package org.smmulator.iommu;

import com.google.common.collect.ImmutableSet;
import java.util.Collections;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/**
 * {@code listed-devices}: Reding's counter-proposal of 2014. The IOMMU's driver keeps a list of
 * devices whose DMA the kernel alone uses, such as SD/MMC hosts; they share a domain that is
 * reserved for the DMA API, one for each IOMMU. Others start with no domain: they reach nothing
 * until their driver attaches one, and their DMA API is direct.
 */
public final class DomainForListedDevices implements DmaDomains {
  private final ImmutableSet<String> compatibles;
  private final DomainPerInstance reserved;

  /**
   * Makes the policy.
   *
   * @param compatibles the list
   */
  public DomainForListedDevices(ImmutableSet<String> compatibles, DmaLayer dma) {
    this.compatibles = compatibles;
    this.reserved = new DomainPerInstance(dma);
  }

  @Override
  public IommuDomain domainFor(IommuGroup group, DomainType type) throws ErrnoException {
    return group.devices().stream().allMatch(this::isListed)
        ? reserved.domainFor(group, type)
        : group.blockingDomain();
  }

  private boolean isListed(Device device) {
    DtNode node = device.of();
    return node != null && !Collections.disjoint(node.compatible(), compatibles);
  }

  @Override
  public void release(IommuDomain domain) {
    reserved.release(domain);
  }
}
