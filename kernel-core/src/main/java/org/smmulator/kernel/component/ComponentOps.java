package org.smmulator.kernel.component;

import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;
import org.smmulator.kernel.errno.ErrnoException;

/** A driver's part in an aggregate device. Kernel: {@code struct component_ops}. */
public interface ComponentOps {
  /** The symbol that the log shows, such as {@code g2d_component_ops}. */
  String name();

  /**
   * Makes {@code device} a part of {@code aggregate}. There is no {@code unbind()}: what is added
   * to {@code binding} is released, last in first out, if this throws and when the component is
   * unbound.
   *
   * @throws ErrnoException EPROBE_DEFER to be bound later, which the log does not show; any other
   *     ends the bind of the whole aggregate
   */
  void bind(Device device, AggregateDevice aggregate, Devres binding) throws ErrnoException;
}
