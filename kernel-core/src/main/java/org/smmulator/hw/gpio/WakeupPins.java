package org.smmulator.hw.gpio;

import static org.smmulator.regs.gpio.GpxRegs.BANKS;
import static org.smmulator.regs.gpio.GpxRegs.CON;
import static org.smmulator.regs.gpio.GpxRegs.DAT;
import static org.smmulator.regs.gpio.GpxRegs.ECON;
import static org.smmulator.regs.gpio.GpxRegs.EINT_EDGE_BOTH;
import static org.smmulator.regs.gpio.GpxRegs.EINT_EDGE_FALLING;
import static org.smmulator.regs.gpio.GpxRegs.EINT_EDGE_RISING;
import static org.smmulator.regs.gpio.GpxRegs.EINT_LEVEL_HIGH;
import static org.smmulator.regs.gpio.GpxRegs.EINT_LEVEL_LOW;
import static org.smmulator.regs.gpio.GpxRegs.EMASK;
import static org.smmulator.regs.gpio.GpxRegs.EPEND;
import static org.smmulator.regs.gpio.GpxRegs.FIRST_MUXED_BANK;
import static org.smmulator.regs.gpio.GpxRegs.FUNC_EINT;
import static org.smmulator.regs.gpio.GpxRegs.PINS_A_BANK;
import static org.smmulator.regs.gpio.GpxRegs.WINDOW_BYTES;

import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;

/**
 * The pins of an Exynos that can wake it up, as inputs: banks {@code gpx0} to {@code gpx3}.
 *
 * <p>Not modelled: outputs, pulls, filters, the other banks of the controller, and the interrupts
 * of {@code gpx0} and {@code gpx1}, because nothing here is wired to them.
 */
public final class WakeupPins {
  private final IrqPin interrupt;
  private final RegisterFile registers;

  /**
   * Makes pins that are all low, with their interrupts masked.
   *
   * @param interrupt of {@code gpx2} and {@code gpx3}
   */
  public WakeupPins(IrqPin interrupt) {
    this.interrupt = interrupt;
    this.registers =
        RegisterFile.builder(WINDOW_BYTES)
            .readWrite(CON)
            .readOnly(DAT)
            .readWrite(ECON)
            .indexed(EMASK, this::mask, this::setMask)
            .indexed(EPEND, this::pending, this::clear)
            .build();
    for (int bank = 0; bank < BANKS; bank++) {
      registers.set(EMASK, bank, (1 << PINS_A_BANK) - 1);
    }
  }

  /** The register window. */
  public MmioTarget mmio() {
    return registers;
  }

  /** Drives a pin, as what is wired to it does. */
  public void drive(int bank, int pin, boolean high) {
    int before = registers.get(DAT, bank);
    int now = high ? before | 1 << pin : before & ~(1 << pin);
    registers.set(DAT, bank, now);
    if (now != before && function(bank, pin) == FUNC_EINT && triggers(bank, pin, high)) {
      registers.set(EPEND, bank, registers.get(EPEND, bank) | 1 << pin);
    }
    raise();
  }

  private int function(int bank, int pin) {
    return registers.get(CON, bank) >>> (4 * pin) & 0xf;
  }

  private boolean triggers(int bank, int pin, boolean high) {
    return switch (registers.get(ECON, bank) >>> (4 * pin) & 0xf) {
      case EINT_LEVEL_LOW, EINT_EDGE_FALLING -> !high;
      case EINT_LEVEL_HIGH, EINT_EDGE_RISING -> high;
      case EINT_EDGE_BOTH -> true;
      default -> false;
    };
  }

  private int mask(int bank) {
    return registers.get(EMASK, bank);
  }

  private void setMask(int bank, int value) {
    registers.set(EMASK, bank, value & (1 << PINS_A_BANK) - 1);
    raise();
  }

  private int pending(int bank) {
    return registers.get(EPEND, bank);
  }

  private void clear(int bank, int ones) {
    registers.set(EPEND, bank, registers.get(EPEND, bank) & ~ones);
    raise();
  }

  private void raise() {
    int shown = 0;
    for (int bank = FIRST_MUXED_BANK; bank < BANKS; bank++) {
      shown |= registers.get(EPEND, bank) & ~registers.get(EMASK, bank);
    }
    interrupt.set(shown != 0);
  }
}
