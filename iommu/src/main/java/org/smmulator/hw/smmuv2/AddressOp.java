package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.Timebase;

/**
 * How long the translation that software asked for goes on. It is polled: see {@link PolledTime}.
 */
final class AddressOp {
  /** How often software looks. Kernel: {@code arm_smmu_iova_to_phys_hard()}. */
  private static final long POLL_NS = 5_000;

  private final Timebase timebase;
  private final PolledTime polled;
  private long doneNs;

  AddressOp(Timebase timebase) {
    this.timebase = timebase;
    this.polled = new PolledTime(timebase, POLL_NS);
  }

  void begin(long costNs) {
    doneNs = timebase.nowNs() + costNs;
  }

  /** Software looks whether it is still under way. */
  boolean isActive() {
    polled.look();
    return polled.nowNs() < doneNs;
  }

  void reset() {
    doneNs = 0;
  }
}
