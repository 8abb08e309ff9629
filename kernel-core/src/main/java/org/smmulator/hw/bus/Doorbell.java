package org.smmulator.hw.bus;

/**
 * What a device process waits at until something happens.
 *
 * <p>Ringing wakes every waiter; it is not remembered, so a waiter checks its condition in a loop.
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
