package org.smmulator.kernel.gpio.exynos;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.kernel.gpio.GpioChip;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.regs.gpio.GpxRegs;

/** A bank whose pins can be interrupts. Kernel: {@code struct samsung_pin_bank}. */
final class WakeupBank implements GpioChip {
  /** {@code IRQ_TYPE_EDGE_BOTH}. */
  private static final int TYPE_EDGE_BOTH = 3;

  private final PlatformDevice controller;
  private final DtNode node;
  private final Mmio registers;
  private final int number;

  WakeupBank(PlatformDevice controller, DtNode node, Mmio registers, int number) {
    this.controller = controller;
    this.node = node;
    this.registers = registers;
    this.number = number;
  }

  /** {@inheritDoc} Kernel: {@code samsung_gpio_get()}. */
  @Override
  public boolean isHigh(int pin) {
    return (registers.read(GpxRegs.DAT, number) >>> pin & 1) != 0;
  }

  /**
   * {@inheritDoc} Kernel: {@code exynos_irq_request_resources()}, {@code exynos_irq_set_type()},
   * {@code exynos_irq_unmask()}.
   */
  @Override
  public IrqLine bothEdges(int pin) {
    setNibble(GpxRegs.CON, pin, GpxRegs.FUNC_EINT);
    setNibble(GpxRegs.ECON, pin, GpxRegs.EINT_EDGE_BOTH);
    registers.write(GpxRegs.EMASK, number, registers.read(GpxRegs.EMASK, number) & ~(1 << pin));
    return line(pin);
  }

  /** {@inheritDoc} Kernel: {@code exynos_irq_mask()}, {@code exynos_irq_release_resources()}. */
  @Override
  public void release(int pin) {
    registers.write(GpxRegs.EMASK, number, registers.read(GpxRegs.EMASK, number) | 1 << pin);
    setNibble(GpxRegs.CON, pin, GpxRegs.FUNC_INPUT);
  }

  private void setNibble(Reg32 register, int pin, int value) {
    int rest = registers.read(register, number) & ~GpxRegs.nibble(pin, 0xf);
    registers.write(register, number, rest | GpxRegs.nibble(pin, value));
  }

  private IrqLine line(int pin) {
    return controller.irqBehind(node, ImmutableIntArray.of(pin, TYPE_EDGE_BOTH));
  }

  /**
   * Acknowledges what pends and is not masked, and hands it on; returns whether there was any.
   * Kernel: {@code exynos_irq_ack()}, {@code exynos_irq_demux_eint()}.
   */
  boolean handOn() {
    int pending = registers.read(GpxRegs.EPEND, number) & ~registers.read(GpxRegs.EMASK, number);
    for (int pin = 0; pin < GpxRegs.PINS_A_BANK; pin++) {
      if ((pending >>> pin & 1) != 0) {
        registers.write(GpxRegs.EPEND, number, 1 << pin);
        line(pin).pulse();
      }
    }
    return pending != 0;
  }
}
