package org.smmulator.kernel.fs;

import org.smmulator.kernel.errno.ErrnoException;

/** The action of a write to a text node. Kernel: a sysfs attribute's {@code store()}. */
public interface TextWriter {
  /**
   * Takes what was written by one call.
   *
   * @throws ErrnoException for the writer: mostly EINVAL
   */
  void write(String text) throws ErrnoException;
}
