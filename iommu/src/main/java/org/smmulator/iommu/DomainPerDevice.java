package org.smmulator.iommu;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code per-device}: each group has a domain of its own, so that no device reaches another's
 * buffers. What arm's code did in 2014, and the core does for everyone today.
 */
public final class DomainPerDevice implements DmaDomains {
  private final DmaLayer dma;

  public DomainPerDevice(DmaLayer dma) {
    this.dma = dma;
  }

  @Override
  public IommuDomain domainFor(IommuGroup group, DomainType type) throws ErrnoException {
    return make(dma, group, type);
  }

  @Override
  public void release(IommuDomain domain) {
    free(dma, domain);
  }

  static IommuDomain.Paging make(DmaLayer dma, IommuGroup group, DomainType type)
      throws ErrnoException {
    Device first = group.devices().getFirst();
    IommuDomain.Paging made = alloc(DeviceIommu.of(first).ops(), first, type);
    try {
      dma.adopt(made);
    } catch (ErrnoException e) {
      made.free();
      throw e;
    }
    return made;
  }

  /** A device with PASIDs gets a domain that goes together with them, where its IOMMU has such. */
  private static IommuDomain.Paging alloc(IommuOps ops, Device first, DomainType type)
      throws ErrnoException {
    if (ops.maxPasids(first) > 0) {
      try {
        return ops.allocPaging(first, type, IommuOps.ALLOC_PASID);
      } catch (ErrnoException e) {
        if (e.errno() != EOPNOTSUPP) {
          throw e;
        }
      }
    }
    return ops.allocPaging(first, type, 0);
  }

  static void free(DmaLayer dma, IommuDomain domain) {
    if (domain instanceof IommuDomain.Paging paging) {
      dma.release(paging);
      paging.free();
    }
  }
}
