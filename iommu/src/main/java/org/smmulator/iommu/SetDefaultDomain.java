package org.smmulator.iommu;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code set-default}: a driver can make its domain the group's default, so that a lookup of the
 * default finds it. Szyprowski's remedy of 2018.
 */
public final class SetDefaultDomain implements DriverDomain {
  private final DmaLayer dma;

  public SetDefaultDomain(DmaLayer dma) {
    this.dma = dma;
  }

  @Override
  public void bind(IommuGroup group) {}

  @Override
  public void unbind(IommuGroup group) {}

  @Override
  public void useForDma(IommuGroup group, Device device, IommuDomain.Paging own)
      throws ErrnoException {
    dma.adopt(own);
    group.makeDefault(own);
    dma.setUp(device, own);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a domain has an identity
  public boolean endUseForDma(IommuGroup group, Device device, IommuDomain own) {
    if (group.dmaDomain() == own && own instanceof IommuDomain.Paging paging) {
      dma.tearDown(device);
      dma.release(paging);
      group.restoreDefault();
      return true;
    }
    return false;
  }
}
