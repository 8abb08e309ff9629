package org.smmulator.hw.engines;

import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.reg.Reg32;

/**
 * An interrupt status register, write one to clear, and its enable register. The pin is high while
 * a bit is set in both.
 */
public final class InterruptLatch {
  private final IrqPin pin;
  private int status;
  private int enabled;

  public InterruptLatch(IrqPin pin) {
    this.pin = pin;
  }

  public void declare(RegisterFile.Builder file, Reg32 statusReg, Reg32 enableReg) {
    file.indexed(statusReg, _ -> status, (_, ones) -> clear(ones));
    file.indexed(enableReg, _ -> enabled, (_, value) -> enable(value));
  }

  public void raise(int bits) {
    status |= bits;
    drive();
  }

  /** Clears what was raised; what is enabled stays. */
  public void clear(int bits) {
    status &= ~bits;
    drive();
  }

  private void enable(int bits) {
    enabled = bits;
    drive();
  }

  private void drive() {
    pin.set((status & enabled) != 0);
  }
}
