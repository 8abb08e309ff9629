package org.smmulator.kernel.component;

import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The driver of a device that is made of components. Kernel: {@code struct component_master_ops}.
 */
@FunctionalInterface
public interface AggregateOps {
  /**
   * Brings {@code aggregate} up, all of whose components are there; this calls {@link
   * AggregateDevice#bindAll}. What is added to {@code binding} is released, last in first out, if
   * this throws and when the aggregate goes down.
   *
   * @throws ErrnoException EPROBE_DEFER, which the log does not show; any other
   */
  void bind(AggregateDevice aggregate, Devres binding) throws ErrnoException;
}
