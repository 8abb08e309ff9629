package org.smmulator.iommu;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code flag-and-bless}: a flag in the driver keeps the core's DMA setup away from its device, and
 * a call blesses the driver's domain for the DMA API later. Named as a remedy in 2018.
 */
public final class FlagAndBless implements DriverDomain {
  private final DmaLayer dma;

  public FlagAndBless(DmaLayer dma) {
    this.dma = dma;
  }

  @Override
  public void bind(IommuGroup group) throws ErrnoException {
    group.useDefaultDomain();
  }

  @Override
  public void unbind(IommuGroup group) {
    group.unuseDefaultDomain();
  }

  @Override
  public void bindManaged(Device device) {
    dma.tearDown(device);
  }

  @Override
  public void useForDma(IommuGroup group, Device device, IommuDomain.Paging own)
      throws ErrnoException {
    dma.adopt(own);
    group.bless(own);
    dma.setUp(device, own);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // a domain has an identity
  public boolean endUseForDma(IommuGroup group, Device device, IommuDomain own) {
    if (group.dmaDomain() == own && own instanceof IommuDomain.Paging paging) {
      dma.tearDown(device);
      dma.release(paging);
      group.bless(null);
    }
    return false; // the flag keeps the DMA API away as long as the driver is bound
  }
}
