package org.smmulator.drm.msm;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.smmuv2.AdrenoSmmuPriv;
import org.smmulator.kernel.task.Scheduler;

/**
 * Decides whether a fault stalls the GPU until the driver has looked at it. Kernel: {@code
 * fault_stall_lock}, {@code stall_enabled} and {@code stall_reenable_time} of {@code struct
 * msm_drm_private}.
 *
 * <p>A fault turns stalling off, so that a client that faults all the time cannot keep the GPU
 * stalled. A submit turns it on again when there was no fault for half a second, and nobody has yet
 * to fetch a dump: without one a stall is good for nothing.
 */
public final class StallOnFault {
  private static final long PAUSE_NS = 500_000_000;
  private static final long NS_PER_US = 1_000;

  private final Scheduler scheduler;
  private final BooleanSupplier dumpIsPending;
  private @Nullable AdrenoSmmuPriv smmu;
  private boolean enabled;
  private long reenableNs;

  /**
   * Starts with stalling off.
   *
   * @param dumpIsPending whether a dump waits to be fetched
   */
  public StallOnFault(Scheduler scheduler, BooleanSupplier dumpIsPending) {
    this.scheduler = scheduler;
    this.dumpIsPending = dumpIsPending;
  }

  /**
   * Turns stalling on for the first time.
   *
   * @param gpuSmmu what stalls; null if the GPU's SMMU has no such switch
   */
  public void connect(@Nullable AdrenoSmmuPriv gpuSmmu) {
    smmu = gpuSmmu;
    set(true);
  }

  /** Called before each submit. Kernel: {@code adreno_check_and_reenable_stall()}. */
  public void reenable() {
    if (!enabled && scheduler.nowNs() > reenableNs && !dumpIsPending.getAsBoolean()) {
      set(true);
    }
  }

  /** Called for each fault. */
  public void backOff() {
    if (enabled) {
      set(false);
    }
    reenableNs = scheduler.nowNs() + PAUSE_NS;
  }

  /**
   * How many microseconds it takes until a submit turns stalling on; 0 if it is on, or would be.
   * Kernel: {@code stall_reenable_time_get()}.
   */
  long reenableInUs() {
    return enabled ? 0 : Math.max(0, (reenableNs - scheduler.nowNs()) / NS_PER_US);
  }

  private void set(boolean stalls) {
    enabled = stalls;
    if (smmu != null) {
      smmu.setStall(stalls);
    }
  }
}
