package org.smmulator.drm.sched;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.task.Workqueue;

/**
 * The settings of a scheduler. Kernel: {@code struct drm_sched_init_args}.
 *
 * @param name the ring's
 * @param deviceName for traces and the log
 * @param creditLimit how much the hardware is given at once
 * @param hangLimit how often a job may hang before {@link DrmScheduler#resubmitJobs} fails the jobs
 *     of its entity
 * @param timeoutNs how long the oldest job may run before {@link SchedJob#timedOut} is called;
 *     {@link #NEVER} for ever
 * @param timeoutQueue where that is called; one queue for several schedulers serialises it; null
 *     for a queue of its own
 */
public record SchedArgs(
    String name,
    String deviceName,
    int creditLimit,
    int hangLimit,
    long timeoutNs,
    @Nullable Workqueue timeoutQueue) {
  /** {@code MAX_SCHEDULE_TIMEOUT}: the driver watches its hardware itself. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Settings without a timeout. */
  public static SchedArgs endless(String name, String deviceName, int creditLimit) {
    return new SchedArgs(name, deviceName, creditLimit, 0, NEVER, null);
  }
}
