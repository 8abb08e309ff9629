package org.smmulator.kernel.device;

import org.smmulator.hw.bus.Timebase;

/**
 * Ten messages in five seconds, then silence until they are over. Kernel: {@code
 * DEFINE_RATELIMIT_STATE()} with the default interval and burst.
 */
public final class RateLimit {
  private static final long INTERVAL_NS = 5_000_000_000L;
  private static final int BURST = 10;

  private final String function;
  private final Timebase timebase;
  private final Device device;
  private boolean begun;
  private long beginNs;
  private int printed;
  private int missed;

  /**
   * Starts a limit that has let nothing through yet.
   *
   * @param function who prints, for the line that says how much was left out
   */
  public RateLimit(String function, Timebase timebase, Device device) {
    this.function = function;
    this.timebase = timebase;
    this.device = device;
  }

  /** Returns whether one more message may be printed now. Kernel: {@code ___ratelimit()}. */
  public boolean allows() {
    long now = timebase.nowNs();
    if (!begun || now - beginNs > INTERVAL_NS) {
      if (missed > 0) {
        device.warn("%s: %d callbacks suppressed", function, missed);
      }
      begun = true;
      beginNs = now;
      printed = 0;
      missed = 0;
    }
    if (printed == BURST) {
      missed++;
      return false;
    }
    printed++;
    return true;
  }
}
