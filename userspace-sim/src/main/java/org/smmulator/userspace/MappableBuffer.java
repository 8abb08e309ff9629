package org.smmulator.userspace;

import org.smmulator.kernel.errno.ErrnoException;

/** Memory that a process maps, such as a device's buffer; the first access maps it. */
public interface MappableBuffer {
  /** The process that maps it. */
  Client client();

  /**
   * The address in the process; the first call maps it.
   *
   * @throws ErrnoException what mapping it gives
   */
  long va() throws ErrnoException;

  /**
   * The CPU loads the 32 bits at {@code offset}.
   *
   * @throws ErrnoException what mapping it gives
   */
  default int load32(long offset) throws ErrnoException {
    return client().load32(va() + offset);
  }

  /**
   * The CPU stores the 32 bits at {@code offset}.
   *
   * @throws ErrnoException what mapping it gives
   */
  default void store32(long offset, int value) throws ErrnoException {
    client().store32(va() + offset, value);
  }
}
