package org.smmulator.iommu;

import org.smmulator.kernel.device.Device;

/** A kernel without {@code CONFIG_IOMMU_DMA}: the DMA API is direct for everyone. */
public final class NoDmaLayer implements DmaLayer {
  @Override
  public void adopt(IommuDomain.Paging domain) {}

  @Override
  public void release(IommuDomain.Paging domain) {}

  @Override
  public void setUp(Device device, IommuDomain domain) {}

  @Override
  public void tearDown(Device device) {}
}
