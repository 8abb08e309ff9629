package org.smmulator.hw.adreno;

import java.lang.foreign.MemorySegment;
import java.util.function.BooleanSupplier;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.Doorbell;
import org.smmulator.hw.bus.Timebase;

/**
 * The command processor's way to memory and to the time that it spends.
 *
 * <p>A reset can come whenever the command processor lets another context run: when it spends time,
 * and while an IOMMU stalls one of its accesses. What it was doing is then unwound by {@link
 * ResetMeanwhile}, so that no packet goes on after a reset.
 */
final class GpuBus {
  /** A long wait ends later than it could by one part in as many. */
  private static final long POLLS_OF_A_LONG_WAIT = 2048;

  /** The GPU was reset while the command processor paused. */
  static final class ResetMeanwhile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ResetMeanwhile() {
      super("the GPU was reset", null, false, false);
    }
  }

  private final BusMaster memory;
  private final BusMaster privileged;
  private final Timebase timebase;
  private final GpuClock clock;
  private int resets;

  GpuBus(BusMaster memory, Timebase timebase, GpuClock clock) {
    this.clock = clock;
    this.memory = memory;
    this.privileged = memory.privileged();
    this.timebase = timebase;
  }

  /** Ends what is under way. */
  void reset() {
    resets++;
    memory.reset();
    privileged.reset();
  }

  /** How often the GPU was reset: what {@link #check} takes. */
  int resets() {
    return resets;
  }

  /** Unwinds the packet if the GPU was reset since there were {@code before} resets. */
  void check(int before) {
    if (before != resets) {
      throw new ResetMeanwhile();
    }
  }

  /** Pays for {@code ns} of work at the highest rate of the clock. */
  void spend(long ns) {
    int before = resets;
    timebase.consume(clock.stretched(ns));
    timebase.point();
    check(before);
  }

  /**
   * Looks again and again until {@code ends}: after twice as long each time, up to what {@code
   * costs} say; but never sooner than after a small part of all the time waited so far, so that
   * commands which wait for ever take few looks to the end of the run.
   */
  void poll(CpCosts costs, BooleanSupplier ends) {
    long waited = 0;
    long pause = costs.pollNs();
    while (!ends.getAsBoolean()) {
      spend(pause);
      waited += pause;
      pause = Math.max(Math.min(2 * pause, costs.maxPollNs()), waited / POLLS_OF_A_LONG_WAIT);
    }
  }

  /** Waits for {@code bell}. */
  void await(Doorbell bell) {
    int before = resets;
    bell.await();
    check(before);
  }

  int load32(long iova) {
    int before = resets;
    int value = memory.load32(iova);
    check(before);
    return value;
  }

  long load64(long iova) {
    int before = resets;
    long value = memory.load64(iova);
    check(before);
    return value;
  }

  void store32(long iova, int value) {
    int before = resets;
    memory.store32(iova, value);
    check(before);
  }

  void store64(long iova, long value) {
    int before = resets;
    memory.store64(iova, value);
    check(before);
  }

  /** A load that may reach what only the kernel's packets may. */
  int loadPrivileged32(long iova) {
    int before = resets;
    int value = privileged.load32(iova);
    check(before);
    return value;
  }

  /** A store that may reach what only the kernel's packets may. */
  void storePrivileged32(long iova, int value) {
    int before = resets;
    privileged.store32(iova, value);
    check(before);
  }

  /** Loads into {@code to}; says whether the bus answered. */
  boolean read(long iova, MemorySegment to, long bytes) {
    int before = resets;
    memory.read(iova, to, 0, bytes);
    check(before);
    return !memory.aborted();
  }
}
