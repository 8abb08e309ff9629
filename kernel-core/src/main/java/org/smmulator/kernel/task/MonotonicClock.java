package org.smmulator.kernel.task;

import org.smmulator.hw.bus.Timebase;

/**
 * {@code CLOCK_MONOTONIC} as clients read it: virtual time, counted from an epoch.
 *
 * @param epochNs the clock's value at virtual time zero: 0 for simulated processes; clients that
 *     read a clock of their own need that one's value when the machine was made
 */
public record MonotonicClock(Timebase time, long epochNs) {
  /** Returns what a client reads now. Kernel: {@code ktime_get()}. */
  public long nowNs() {
    return time.nowNs() + epochNs;
  }

  /**
   * Returns a client's absolute timeout as a deadline in virtual time; one that cannot be reached
   * is {@link WaitQueue#FOREVER}.
   */
  public long deadlineNs(long absoluteNs) {
    return absoluteNs == Long.MAX_VALUE ? WaitQueue.FOREVER : absoluteNs - epochNs;
  }
}
