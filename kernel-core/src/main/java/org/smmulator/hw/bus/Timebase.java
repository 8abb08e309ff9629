package org.smmulator.hw.bus;

/**
 * Virtual time as hardware sees it, in nanoseconds since power on.
 *
 * <p>A device's work is a process of its own that blocks in the middle of a method where silicon
 * would wait; processes overlap in virtual time although only one context runs at any moment.
 */
public interface Timebase {
  /** The time now, in nanoseconds. */
  long nowNs();

  /** Charges {@code ns} to the running context, which pays at its next scheduling point. */
  void consume(long ns);

  /** A scheduling point: the running context pays what it owes, and another may run. */
  void point();

  /** Runs {@code event} to completion {@code delayNs} from now. It must not block. */
  void after(long delayNs, Runnable event);

  /** Starts a device process. It ends when {@code body} returns or the machine closes. */
  void process(String name, Runnable body);

  /** Makes a doorbell; the name appears in the report of a deadlock. */
  Doorbell doorbell(String name);
}
