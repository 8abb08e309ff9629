package org.smmulator.kernel.devfreq;

import org.smmulator.kernel.devfreq.DevfreqProfile.Status;

/**
 * The governor that runs a busy device as fast as it goes, and any other as fast as its load needs.
 * Kernel: {@code governor_simpleondemand.c}.
 *
 * @param upThreshold from this load on, in percent, the device runs as fast as it goes
 * @param downDifferential down to as many percent below that the rate stays as it is
 */
public record SimpleOndemand(int upThreshold, int downDifferential) {
  static final String NAME = "simple_ondemand";

  /** {@code DEVFREQ_MAX_FREQ}. */
  static final long AS_FAST_AS_IT_GOES = Long.MAX_VALUE;

  /** From this many microseconds on the times are scaled down, so that no product overflows. */
  private static final long MANY_US = 1 << 24;

  private static final int SCALE = 7;

  /** The rate for a device that was as busy as {@code status} says. */
  long target(Status status) {
    boolean scaled = status.busyUs() >= MANY_US || status.totalUs() >= MANY_US;
    long busyUs = scaled ? status.busyUs() >> SCALE : status.busyUs();
    long totalUs = scaled ? status.totalUs() >> SCALE : status.totalUs();
    if (totalUs == 0 || busyUs * 100 > totalUs * upThreshold || status.currentHz() == 0) {
      return AS_FAST_AS_IT_GOES;
    }
    if (busyUs * 100 > totalUs * (upThreshold - downDifferential)) {
      return status.currentHz();
    }
    return busyUs * status.currentHz() / totalUs * 100 / (upThreshold - downDifferential / 2);
  }
}
