package org.smmulator.iommu.task;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/** {@code by-dt-property}: the device tree says of each device whether it shares tables. */
public final class TaskModeByProperty implements TaskMode {
  /** Stands in the node of a device that shares; the 2017 mails give it no name. */
  public static final String PROPERTY = "iommu-shares-process-table";

  @Override
  public boolean shares(Device device, boolean asked) throws ErrnoException {
    DtNode node = device.of();
    if (node != null && node.has(PROPERTY)) {
      return true;
    }
    if (asked) {
      throw EOPNOTSUPP.because("%s has no '%s'", device.name(), PROPERTY);
    }
    return false;
  }
}
