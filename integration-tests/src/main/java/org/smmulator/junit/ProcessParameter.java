package org.smmulator.junit;

import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.Client;

/**
 * A kind of parameter that stands for a process of the test's machine.
 *
 * <p>A kind is found by its line in {@code META-INF/services/org.smmulator.junit.ProcessParameter}:
 * the extension itself names no driver.
 */
public interface ProcessParameter {
  /** The parameter's type. */
  Class<?> type();

  /**
   * Makes the argument.
   *
   * @param client the process, which has done nothing yet
   * @throws ErrnoException if a system call of its beginning fails
   */
  Object of(Client client) throws ErrnoException;

  /** The process itself. */
  final class OfClient implements ProcessParameter {
    @Override
    public Class<?> type() {
      return Client.class;
    }

    @Override
    public Object of(Client client) {
      return client;
    }
  }
}
