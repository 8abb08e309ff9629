package org.smmulator.hw.smmuv3;

import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * One of the SMMU's interrupts: a pin or, once software has said where to, a message. Arm IHI 0070,
 * 3.18.
 *
 * <p>The wired interrupts of an SMMUv3 are edges. A pin here is a level, so it is held high for as
 * long as there is a reason for the interrupt: an event in the queue, an error that is active.
 */
final class InterruptOutput {
  private final BusMaster port;
  private final IrqPin pin;
  private boolean enabled;
  private boolean reason;
  private long messagePa;
  private int messageData;

  InterruptOutput(BusMaster port, IrqPin pin) {
    this.port = port;
    this.pin = pin;
  }

  /** Sets the enable bit of IRQ_CTRL for this interrupt. */
  void enable(boolean now) {
    enabled = now;
    drive();
  }

  /** Sets the address and data of messages; address zero: the pin is used. */
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
    return !enabled || messagePa == 0 || send(port, messagePa, messageData);
  }

  /** Writes a message; false if nothing answers there. */
  static boolean send(BusMaster port, long pa, int data) {
    port.store32(pa, data);
    return !port.aborted();
  }

  private void drive() {
    pin.set(reason && enabled && messagePa == 0);
  }
}
