package org.smmulator.iommu.smmuv3;

import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.kernel.device.Device;

/** Nobody deals with what devices ask for: it is refused. */
final class ArmSmmuV3NoIopf implements ArmSmmuV3Iopf {
  @Override
  public void join(Device device) {}

  @Override
  public void leave(Device device) {}

  @Override
  public boolean report(Device device, PageRequest request) {
    if (request.isLast()) {
      ArmSmmuV3Master.of(device).answer(request, PageResponse.INVALID);
    }
    return false;
  }

  @Override
  public void discardPartial() {}
}
