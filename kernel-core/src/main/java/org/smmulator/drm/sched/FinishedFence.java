package org.smmulator.drm.sched;

import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceContexts;

/** A job's second fence: it has run. Kernel: {@code drm_sched_fence.finished}. */
final class FinishedFence extends Fence {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final DrmScheduler scheduler;
  private final ScheduledFence scheduled;
  private @Nullable Fence parent;
  private long deadlineNs = NO_DEADLINE;

  /** Makes the job's two fences; the first is of the timeline before {@code context}. */
  FinishedFence(FenceContexts contexts, DrmScheduler scheduler, long context, long seqno) {
    super(contexts, "drm_sched", scheduler.name(), context, seqno);
    this.scheduler = scheduler;
    this.scheduled = new ScheduledFence(contexts, this, scheduler.name(), context - 1, seqno);
  }

  /**
   * The job has been given to the hardware: {@code hardware} gets the hints. Kernel: {@code
   * drm_sched_fence_set_parent()}.
   */
  void setParent(Fence hardware) {
    parent = hardware;
    if (deadlineNs != NO_DEADLINE) {
      hardware.setDeadline(deadlineNs);
    }
  }

  /** The hardware's fence; null while the hardware does not have the job. */
  @Nullable Fence parent() {
    return parent;
  }

  /** The hardware has lost the job. */
  void forgetParent() {
    parent = null;
  }

  /**
   * Keeps the soonest hint for the hardware. Kernel: {@code
   * drm_sched_fence_set_deadline_finished()}.
   */
  @Override
  protected void deadlineHinted(long hintNs) {
    if (deadlineNs < hintNs) {
      return;
    }
    deadlineNs = hintNs;
    if (parent != null) {
      parent.setDeadline(hintNs);
    }
  }

  @Override
  protected boolean outlivesItsSignal() {
    return true;
  }

  DrmScheduler scheduler() {
    return scheduler;
  }

  /** The job's first fence: the hardware has it. */
  ScheduledFence scheduled() {
    return scheduled;
  }
}
