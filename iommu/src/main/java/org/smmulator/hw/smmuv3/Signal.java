package org.smmulator.hw.smmuv3;

import org.smmulator.hw.bus.IrqPin;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * One of the SMMU's interrupts: a pin or, once software has said where to, a message. Arm IHI 0070,
 * 3.18.
 *
 * <p>The wired interrupts of an SMMUv3 are edges. A pin here is a level, so it is held high for as
 * long as there is a reason for the interrupt: an event in the queue, an error that is active.
 */
final class Signal {
  private final Dram dram;
  private final IrqPin pin;
  private boolean enabled;
  private boolean reason;
  private long messagePa;
  private int messageData;

  Signal(Dram dram, IrqPin pin) {
    this.dram = dram;
    this.pin = pin;
  }

  /** What IRQ_CTRL says of this interrupt. */
  void enable(boolean now) {
    enabled = now;
    drive();
  }

  /** Where messages go and what they say; address zero: the pin is used. */
  void configure(long cfg0, int data) {
    messagePa = cfg0 & SmmuV3Regs.IRQ_CFG0_ADDR_MASK;
    messageData = data;
    drive();
  }

  /** Says whether there is a reason for the interrupt. */
  void level(boolean now) {
    reason = now;
    drive();
  }

  /**
   * Sends the message, if messages are configured.
   *
   * @return whether it arrived, or there was none to send
   */
  boolean pulse() {
    return !enabled || messagePa == 0 || send(dram, messagePa, messageData);
  }

  /** Writes a message; false if nothing answers there. */
  static boolean send(Dram dram, long pa, int data) {
    if (!dram.covers(pa, Integer.BYTES)) {
      return false;
    }
    dram.putIntRelease(pa, data);
    return true;
  }

  private void drive() {
    pin.set(reason && enabled && messagePa == 0);
  }
}
