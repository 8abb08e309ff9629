package org.smmulator.hw.adreno;

import org.smmulator.hw.bus.Timebase;

/**
 * The core clock of a GPU: how fast the GPU works, and how long it has.
 *
 * <p>The costs of packets are those at the highest rate; at a lower one they take longer by the
 * same part.
 */
public final class GpuClock {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private final Timebase timebase;
  private final long highestHz;
  private long hz;
  private long cyclesBefore;
  private long cyclesSinceNs;
  private long busyNsBefore;
  private long busyCyclesBefore;
  private long busySinceNs;
  private boolean busy;

  /** Makes a clock that runs at its highest rate. */
  public GpuClock(Timebase timebase, long highestHz) {
    this.timebase = timebase;
    this.highestHz = highestHz;
    this.hz = highestHz;
  }

  /** The rate now, in hertz. */
  public long hz() {
    return hz;
  }

  /** Changes the rate. A rate of zero, or above the highest, is no rate of this clock's. */
  public void setHz(long newHz) {
    if (newHz > 0 && newHz <= highestHz && newHz != hz) {
      cyclesBefore = cycles();
      cyclesSinceNs = timebase.nowNs();
      settleBusy();
      hz = newHz;
    }
  }

  /** How long work takes now that takes {@code ns} at the highest rate. */
  long stretched(long ns) {
    return hz == highestHz ? ns : ns * highestHz / hz;
  }

  /** Says whether the GPU works from now on. */
  void setBusy(boolean works) {
    if (works != busy) {
      settleBusy();
      busy = works;
    }
  }

  boolean isBusy() {
    return busy;
  }

  /** The cycles since the last {@link #restart}. */
  long cycles() {
    return cyclesBefore + ticks(timebase.nowNs() - cyclesSinceNs, hz);
  }

  /** The cycles since power on in which the GPU worked. */
  long busyCycles() {
    return busyCyclesBefore + (busy ? ticks(timebase.nowNs() - busySinceNs, hz) : 0);
  }

  /** The nanoseconds since power on in which the GPU worked. */
  long busyNs() {
    return busyNsBefore + (busy ? timebase.nowNs() - busySinceNs : 0);
  }

  /** Counts {@link #cycles} from zero. */
  void restart() {
    cyclesBefore = 0;
    cyclesSinceNs = timebase.nowNs();
  }

  private void settleBusy() {
    busyNsBefore = busyNs();
    busyCyclesBefore = busyCycles();
    busySinceNs = timebase.nowNs();
  }

  /** How often a clock of {@code hz} ticks in {@code ns}. */
  static long ticks(long ns, long hz) {
    // Seconds apart from the rest: the product of both would overflow within a simulated minute.
    return ns / NS_PER_SECOND * hz + ns % NS_PER_SECOND * hz / NS_PER_SECOND;
  }
}
