package org.smmulator.hw.bus;

/**
 * A device's interrupt output: level triggered, or an edge.
 *
 * <p>The handler runs later, as an event of its own, never inside the call that raised the pin. A
 * pin that stays high is delivered again.
 */
public interface IrqPin {
  /** Drives the pin: true asserts the interrupt. */
  void set(boolean asserted);

  /**
   * An edge, as a message-signalled interrupt makes: the interrupt is delivered once, and edges
   * that come before its delivery are one.
   */
  default void pulse() {
    set(true);
    set(false);
  }
}
