package org.smmulator.iommu;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;

/** Who belongs together: the switch {@code iommu.groups}, one class for each value. */
public interface GroupPolicy {
  /**
   * The group that {@code device} joins.
   *
   * @param iommu makes a group if there is none yet
   * @throws ErrnoException EINVAL if it would belong to two
   */
  IommuGroup groupFor(Device device, IommuOps ops, Iommu iommu) throws ErrnoException;
}
