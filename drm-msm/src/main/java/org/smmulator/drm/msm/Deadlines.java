package org.smmulator.drm.msm;

import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.uapi.msm.MsmTimespec;

/** A client's timeouts: absolute, on {@code CLOCK_MONOTONIC}. */
final class Deadlines {
  private static final long NS_PER_SECOND = 1_000_000_000;

  private Deadlines() {}

  /** Returns the deadline in virtual time; what is too far away is never. */
  static long ns(MonotonicClock clock, MsmTimespec time) {
    long seconds = Math.max(time.tvSec(), 0);
    if (seconds > Long.MAX_VALUE / NS_PER_SECOND - 1) {
      return Long.MAX_VALUE;
    }
    long ns = seconds * NS_PER_SECOND + time.tvNsec();
    return clock.deadlineNs(Math.max(ns, 0));
  }
}
