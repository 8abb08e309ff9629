package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.Timebase;

/**
 * The time that a translation for software (ATS1PR and its like) takes. Software polls its end: see
 * {@link PolledTime}.
 */
final class AddressOp {
  /** The interval at which software polls. Kernel: {@code arm_smmu_iova_to_phys_hard()}. */
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

  /** A read of ATSR: true if the translation is still under way. */
  boolean isActive() {
    polled.look();
    return polled.nowNs() < doneNs;
  }

  void reset() {
    doneNs = 0;
  }
}
