package org.smmulator.junit.msm;

import org.smmulator.junit.ProcessParameter;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.Gpu;

/**
 * Opens the GPU in a process of the test's machine, for a parameter of a test: {@code void
 * test(@Board("db845c") Machine machine, Gpu painter)}.
 */
public final class GpuParameter implements ProcessParameter {
  @Override
  public Class<?> type() {
    return Gpu.class;
  }

  @Override
  public Object of(Client client) throws ErrnoException {
    return Gpu.open(client);
  }
}
