package org.smmulator.kernel.gpio;

import org.smmulator.kernel.irq.IrqLine;

/** A bank of pins. Kernel: {@code struct gpio_chip}. */
public interface GpioChip {
  /** Returns whether a pin is high. Kernel: {@code gpio_chip.get}. */
  boolean isHigh(int pin);

  /**
   * Makes a pin an interrupt that comes at both edges. Kernel: {@code gpio_chip.to_irq}, {@code
   * exynos_irq_set_type()} with {@code IRQ_TYPE_EDGE_BOTH}.
   */
  IrqLine bothEdges(int pin);

  /** Makes a pin no interrupt any more. Kernel: {@code irq_release_resources()}. */
  void release(int pin);
}
