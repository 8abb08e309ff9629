package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.Timebase;

/**
 * The time as a polling reader sees it. With interrupts off no time passes; each further read at
 * the same instant then counts as some, so that the poll ends, as it does on silicon.
 */
final class PolledTime {
  private final Timebase timebase;
  private final long pollNs;
  private long polledAtNs = -1;
  private long borrowedNs;

  /**
   * Starts unread.
   *
   * @param pollNs the time that a further read counts as
   */
  PolledTime(Timebase timebase, long pollNs) {
    this.timebase = timebase;
    this.pollNs = pollNs;
  }

  /** Counts a read. */
  void look() {
    long now = timebase.nowNs();
    borrowedNs = now == polledAtNs ? borrowedNs + pollNs : 0;
    polledAtNs = now;
  }

  /** Now, and the time of further reads at this instant. */
  long nowNs() {
    long now = timebase.nowNs();
    return now == polledAtNs ? now + borrowedNs : now;
  }
}
