package org.smmulator.kernel.fs;

import org.smmulator.kernel.errno.ErrnoException;

/** A driver's part of a device node: opening it makes an open file. */
public interface DeviceNode {
  /**
   * Opens the device.
   *
   * @throws ErrnoException if the driver refuses; its errno is the caller's
   */
  FileOperations open(Caller caller) throws ErrnoException;

  /**
   * Looks at the flags of an open before it happens: {@link OpenFlags}.
   *
   * @throws ErrnoException if the driver does not take them
   */
  default void checkFlags(int flags) throws ErrnoException {}
}
