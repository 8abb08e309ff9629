package org.smmulator.iommu;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * {@code per-master}: the IOMMU's driver knows which devices it cannot tell apart; all others have
 * a group of their own. What Linux does.
 */
public final class GroupPerMaster implements GroupPolicy {
  @Override
  public IommuGroup groupFor(Device device, IommuOps ops, Iommu iommu) throws ErrnoException {
    return ops.deviceGroup(device);
  }
}
