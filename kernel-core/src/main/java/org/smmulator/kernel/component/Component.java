package org.smmulator.kernel.component;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.Devres;

/** A device that can be a part of an aggregate. Kernel: {@code struct component}. */
final class Component {
  final Device device;
  final ComponentOps ops;

  /** The aggregate that has claimed it, bound or not; null for none. */
  @Nullable AggregateDevice aggregate;

  /** The resources that its bind acquired; null while it is not bound. */
  @Nullable Devres binding;

  Component(Device device, ComponentOps ops) {
    this.device = device;
    this.ops = ops;
  }

  @Override
  public String toString() {
    return "%s (ops %s)".formatted(device.name(), ops.name());
  }
}
