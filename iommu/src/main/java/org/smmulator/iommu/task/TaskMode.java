package org.smmulator.iommu.task;

import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableSet;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;

/**
 * Decides whether a task gets a table of its own on a device or shares the process's: the switch
 * {@code iommu.task-mode}.
 */
public sealed interface TaskMode {
  /**
   * Returns whether a bind shares the process's table.
   *
   * @param asked whether the caller asked for that: {@link IommuTasks#SHARE_PROCESS_TABLE}
   * @throws ErrnoException EOPNOTSUPP if it was asked for of a device that takes explicit tables
   */
  boolean shares(Device device, boolean asked) throws ErrnoException;

  private static boolean unlessAsked(boolean asked, String why) throws ErrnoException {
    if (asked) {
      throw EOPNOTSUPP.because("%s", why);
    }
    return false;
  }

  /** {@code by-compatible}: the kernel has a list of the devices that share tables. */
  record ByCompatible(ImmutableSet<String> sharing) implements TaskMode {
    @Override
    public boolean shares(Device device, boolean asked) throws ErrnoException {
      DtNode node = device.of();
      boolean listed = node != null && node.compatible().stream().anyMatch(sharing::contains);
      return listed
          || unlessAsked(asked, device.name() + " is not on the list of those that share");
    }
  }

  /** {@code by-dt-property}: the device tree says of each device whether it shares tables. */
  record ByProperty() implements TaskMode {
    /** Stands in the node of a device that shares; the 2017 mails give it no name. */
    public static final String PROPERTY = "iommu-shares-process-table";

    @Override
    public boolean shares(Device device, boolean asked) throws ErrnoException {
      DtNode node = device.of();
      boolean says = node != null && node.has(PROPERTY);
      return says || unlessAsked(asked, device.name() + " has no '" + PROPERTY + "'");
    }
  }

  /** {@code by-flag}: the caller of a bind says what it wants; the binder knows what can be had. */
  record ByFlag() implements TaskMode {
    @Override
    public boolean shares(Device device, boolean asked) {
      return asked;
    }
  }
}
