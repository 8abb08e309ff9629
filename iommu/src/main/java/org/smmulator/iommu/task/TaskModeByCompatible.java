package org.smmulator.iommu.task;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableSet;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/** {@code by-compatible}: the kernel has a list of the devices that share tables. */
public final class TaskModeByCompatible implements TaskMode {
  private final ImmutableSet<String> sharing;

  public TaskModeByCompatible(ImmutableSet<String> sharing) {
    this.sharing = sharing;
  }

  @Override
  public boolean shares(Device device, boolean asked) throws ErrnoException {
    DtNode node = device.of();
    if (node != null && node.compatible().stream().anyMatch(sharing::contains)) {
      return true;
    }
    if (asked) {
      throw EOPNOTSUPP.because("%s is not on the list of those that share", device.name());
    }
    return false;
  }
}
