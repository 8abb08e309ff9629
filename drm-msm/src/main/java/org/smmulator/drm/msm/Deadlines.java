package org.smmulator.drm.msm;

import org.smmulator.uapi.msm.MsmTimespec;

/** A client's timeouts: absolute, on {@code CLOCK_MONOTONIC}, which is virtual time here. */
final class Deadlines {
  private static final long NS_PER_SECOND = 1_000_000_000;

  private Deadlines() {}

  /** The moment in virtual nanoseconds; what is too far away is never. */
  static long ns(MsmTimespec time) {
    long seconds = Math.max(time.tvSec(), 0);
    if (seconds > Long.MAX_VALUE / NS_PER_SECOND - 1) {
      return Long.MAX_VALUE;
    }
    long ns = seconds * NS_PER_SECOND + time.tvNsec();
    return Math.max(ns, 0);
  }
}
