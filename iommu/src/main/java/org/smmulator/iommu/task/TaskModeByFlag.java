package org.smmulator.iommu.task;

import org.smmulator.kernel.device.Device;

/** {@code by-flag}: whoever binds says what it wants; whether the device can is the binder's. */
public final class TaskModeByFlag implements TaskMode {
  @Override
  public boolean shares(Device device, boolean asked) {
    return asked;
  }
}
