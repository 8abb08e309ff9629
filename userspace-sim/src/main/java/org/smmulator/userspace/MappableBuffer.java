package org.smmulator.userspace;

import org.smmulator.kernel.errno.ErrnoException;

/** A buffer of a device that its client can map; the first access maps it. */
public interface MappableBuffer {
  /**
   * The CPU loads the 32 bits at {@code offset}.
   *
   * @throws ErrnoException what mapping it gives
   */
  int load32(long offset) throws ErrnoException;

  /**
   * The CPU stores the 32 bits at {@code offset}.
   *
   * @throws ErrnoException what mapping it gives
   */
  void store32(long offset, int value) throws ErrnoException;
}
