package org.smmulator.drm.sched;

import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;

/** A job's first fence: the hardware has it. Kernel: {@code drm_sched_fence.scheduled}. */
final class ScheduledFence extends Fence {
  private final FinishedFence finished;

  ScheduledFence(
      FenceContexts contexts, FinishedFence finished, String timeline, long context, long seqno) {
    super(contexts, "drm_sched", timeline, context, seqno);
    this.finished = finished;
  }

  /** The job's second fence. */
  FinishedFence finished() {
    return finished;
  }

  @Override
  protected boolean outlivesItsSignal() {
    return true;
  }
}
