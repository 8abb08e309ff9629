package org.smmulator.trace;

/**
 * Ten messages in five seconds, then silence until they are over. Kernel: {@code struct
 * ratelimit_state} with {@code DEFAULT_RATELIMIT_INTERVAL} and {@code DEFAULT_RATELIMIT_BURST}.
 *
 * <p>In the kernel a state is a static variable beside the message that it limits, so each message
 * has its own, and all devices of a driver share it. {@link Dmesg#rateLimit} finds it.
 */
public final class RateLimit {
  private static final long INTERVAL_NS = 5_000_000_000L;
  private static final int BURST = 10;

  private final String function;
  private final Dmesg dmesg;
  private final TraceContext clock;
  private boolean begun;
  private long beginNs;
  private int left;
  private int missed;

  /**
   * Starts a limit that has let nothing through yet.
   *
   * @param function who prints, for the line that says how much was left out
   */
  RateLimit(String function, Dmesg dmesg, TraceContext clock) {
    this.function = function;
    this.dmesg = dmesg;
    this.clock = clock;
  }

  /** Returns whether one more message may be printed now. Kernel: {@code ___ratelimit()}. */
  public boolean allows() {
    long now = clock.nowNs();
    if (!begun || now - beginNs > INTERVAL_NS) {
      begun = true;
      beginNs = now;
      left = BURST;
      int suppressed = missed;
      missed = 0;
      if (suppressed > 0) {
        dmesg.warn("%s: %d callbacks suppressed", function, suppressed);
      }
    }
    if (left == 0) {
      missed++;
      return false;
    }
    left--;
    return true;
  }
}
