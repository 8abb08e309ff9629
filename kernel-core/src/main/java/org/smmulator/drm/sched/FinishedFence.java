package org.smmulator.drm.sched;

import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;

/** A job's second fence: it has run. Kernel: {@code drm_sched_fence.finished}. */
final class FinishedFence extends Fence {
  private final DrmScheduler scheduler;
  private final Fence scheduled;

  FinishedFence(
      FenceContexts contexts,
      DrmScheduler scheduler,
      Fence scheduled,
      String timeline,
      long context,
      long seqno) {
    super(contexts, "drm_sched", timeline, context, seqno);
    this.scheduler = scheduler;
    this.scheduled = scheduled;
  }

  DrmScheduler scheduler() {
    return scheduler;
  }

  /** The job's first fence: the hardware has it. */
  Fence scheduled() {
    return scheduled;
  }
}
