package org.smmulator.kernel.fs;

import org.smmulator.kernel.errno.ErrnoException;

/** A driver's part of a device node: opening it makes an open file. */
public interface DeviceNode {
  /**
   * Opens the device.
   *
   * @param flags {@link OpenFlags}; the access mode is checked already
   * @throws ErrnoException if the driver refuses; its errno is the caller's
   */
  FileOperations open(Caller caller, int flags) throws ErrnoException;
}
