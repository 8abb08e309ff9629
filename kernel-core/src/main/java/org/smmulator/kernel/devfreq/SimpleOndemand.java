package org.smmulator.kernel.devfreq;

import org.smmulator.kernel.devfreq.DevfreqProfile.Status;

/**
 * The governor that runs a busy device as fast as it goes, and any other as fast as its load needs.
 * Kernel: {@code governor_simpleondemand.c}.
 *
 * @param upThreshold from this load on, in percent, the device runs as fast as it goes; 0 stands
 *     for the governor's own 90
 * @param downDifferential down to as many percent below that the rate stays as it is; 0 stands for
 *     the governor's own 5
 */
public record SimpleOndemand(int upThreshold, int downDifferential) {
  static final String NAME = "simple_ondemand";

  private static final int OWN_UP_THRESHOLD = 90;
  private static final int OWN_DOWN_DIFFERENTIAL = 5;

  /** {@code DEVFREQ_MAX_FREQ}. */
  static final long AS_FAST_AS_IT_GOES = Long.MAX_VALUE;

  /** From this many microseconds on the times are scaled down, so that no product overflows. */
  private static final long MANY_US = 1 << 24;

  private static final int SCALE = 7;

  private int up() {
    return upThreshold == 0 ? OWN_UP_THRESHOLD : upThreshold;
  }

  private int down() {
    return downDifferential == 0 ? OWN_DOWN_DIFFERENTIAL : downDifferential;
  }

  /** Returns whether the thresholds, which are unsigned, are such that a rate can be found. */
  boolean decides() {
    return Integer.compareUnsigned(up(), 100) <= 0 && Integer.compareUnsigned(up(), down()) >= 0;
  }

  /** The rate for a device that was as busy as {@code status} says; the thresholds decide. */
  long target(Status status) {
    boolean scaled = status.busyUs() >= MANY_US || status.totalUs() >= MANY_US;
    long busyUs = scaled ? status.busyUs() >> SCALE : status.busyUs();
    long totalUs = scaled ? status.totalUs() >> SCALE : status.totalUs();
    if (totalUs == 0 || busyUs * 100 > totalUs * up() || status.currentHz() == 0) {
      return AS_FAST_AS_IT_GOES;
    }
    if (busyUs * 100 > totalUs * (up() - down())) {
      return status.currentHz();
    }
    return busyUs * status.currentHz() / totalUs * 100 / (up() - down() / 2);
  }
}
