package org.smmulator.iommu;

import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code driver-managed}: who says {@code driver_managed_dma} looks after its domain, all others
 * own a share of the default domain. What Linux does since 2022.
 */
public final class DriverManagedDma implements DriverDomain {
  @Override
  public void bind(IommuGroup group) throws ErrnoException {
    group.useDefaultDomain();
  }

  @Override
  public void unbind(IommuGroup group) {
    group.unuseDefaultDomain();
  }
}
