package org.smmulator.hw.bus;

/**
 * An event that a device process waits for.
 *
 * <p>Ringing wakes every waiter. A ring that had no waiter ends the next wait at once, so none is
 * lost; a wait may end without news, and a waiter checks its condition in a loop.
 */
public interface Doorbell {
  /**
   * Blocks the calling process until the bell is rung. For a device with nothing to do: the machine
   * may be idle meanwhile.
   */
  void await();

  /** Wakes every process that waits here. Callable from any context. */
  void ring();
}
