package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.Timebase;

/**
 * The time as whoever polls a register sees it. With interrupts off no time passes; for such a one
 * each further look at the same instant counts as some, so that the poll ends, as it does on
 * silicon.
 */
final class PolledTime {
  private final Timebase timebase;
  private final long pollNs;
  private long polledAtNs = -1;
  private long borrowedNs;

  /**
   * Has not been looked at.
   *
   * @param pollNs what a further look counts as
   */
  PolledTime(Timebase timebase, long pollNs) {
    this.timebase = timebase;
    this.pollNs = pollNs;
  }

  /** Software looks. */
  void look() {
    long now = timebase.nowNs();
    borrowedNs = now == polledAtNs ? borrowedNs + pollNs : 0;
    polledAtNs = now;
  }

  /** Now, and what was borrowed at this instant. */
  long nowNs() {
    long now = timebase.nowNs();
    return now == polledAtNs ? now + borrowedNs : now;
  }
}
