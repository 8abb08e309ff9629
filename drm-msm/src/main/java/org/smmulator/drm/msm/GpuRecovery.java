package org.smmulator.drm.msm;

import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;

/**
 * Checks that submits make progress; skips one that does not, and resets the GPU. Kernel: {@code
 * hangcheck_handler()} and {@code recover_worker()}.
 */
// The timer runs at half the 500 ms of hangcheck_period because the generation can tell whether it
// makes progress: a ring is given up when its fence and its place in the commands stand still, or
// after three periods more if only the fence does. As round_jiffies_up() has it, a period ends with
// a whole second, so that many timers wake the CPU once.
//
// A client can forge a ring's fence to a number that has retired. If it hangs then, Linux looks for
// the submit with the number that follows, finds none and leaves the GPU as it is; here the oldest
// submit that has not retired is the guilty one. And Linux checks such a ring for ever, though
// nothing is in it; here that ends, lest the machine run for ever.
final class GpuRecovery {
  private static final long PERIOD_NS = 250_000_000;
  private static final long NS_PER_SECOND = 1_000_000_000;
  private static final int PROGRESS_RETRIES = 3;

  private final MsmGpu gpu;
  private final Scheduler scheduler;
  private final Timer hangcheck;
  private final Work recoverWork;
  private int seenFence;
  private int progressRetries;

  GpuRecovery(MsmGpu gpu, Workqueue worker) {
    this.gpu = gpu;
    this.scheduler = gpu.core().kernel().scheduler();
    this.hangcheck = new Timer(scheduler, this::check);
    this.recoverWork = worker.work(this::recover);
  }

  /** Starts a period: something was put into a ring. Kernel: {@code hangcheck_timer_reset()}. */
  void watch() {
    long seconds = (scheduler.nowNs() + PERIOD_NS) / NS_PER_SECOND;
    hangcheck.modify((seconds + 1) * NS_PER_SECOND);
  }

  void stop() {
    hangcheck.cancel();
  }

  /** Queues the recovery on the worker. */
  void start() {
    hangcheck.cancel();
    recoverWork.queue();
  }

  /** The one ring that the hardware has active: without preemption there is no other. */
  private MsmRingbuffer ring() {
    return gpu.ring(0);
  }

  private void check() {
    MsmRingbuffer ring = ring();
    int fence = ring.fences().written();
    int last = ring.fences().lastFence();
    if (fence != seenFence) {
      seenFence = fence;
      progressRetries = 0;
    } else if (MsmFenceContext.isAfter(last, fence) && !madeProgress()) {
      progressRetries = 0;
      String name = gpu.info().name();
      gpu.error("hangcheck_handler", "%s: hangcheck detected gpu lockup rb %d!", name, ring.id());
      gpu.error(
          "hangcheck_handler", "%s:     completed fence: %d", name, Integer.toUnsignedLong(fence));
      gpu.error(
          "hangcheck_handler", "%s:     submitted fence: %d", name, Integer.toUnsignedLong(last));
      recoverWork.queue();
    }
    if (MsmFenceContext.isAfter(last, seenFence) && gpu.isActive()) {
      watch();
    }
    gpu.retire(); // an interrupt may have been missed
  }

  private boolean madeProgress() {
    return progressRetries++ < PROGRESS_RETRIES && gpu.madeProgress();
  }

  private void recover() {
    try (var _ = gpu.lock().lock()) {
      gpu.error("recover_worker", "%s: hangcheck recover!", gpu.info().name());
      if (skipGuilty()) {
        gpu.resetAndReplay();
      }
    }
    gpu.retire();
  }

  /**
   * Recovers from a hang that kept the ring full, at which submit ever. The caller holds the GPU's
   * lock.
   */
  void recoverFullRing() {
    gpu.error("recover_worker", "%s: hangcheck recover!", gpu.info().name());
    boolean _ = skipGuilty();
    gpu.resetAndReplay();
  }

  /** Ends the submit that hangs; false if there is none, since it retired meanwhile. */
  private boolean skipGuilty() {
    MsmRingbuffer hung = ring();
    MsmSubmit guilty = hung.guilty();
    if (guilty == null) {
      return false;
    }
    blame(guilty);
    hung.fences().overwrite(guilty.seqno());
    for (MsmRingbuffer ring : gpu.rings()) {
      ring.fences().update(ring.fences().written());
    }
    gpu.retireSubmits();
    return true;
  }

  private void blame(MsmSubmit guilty) {
    guilty.queue().countFault();
    if (guilty.submitter().isDead()) {
      gpu.countGlobalFault();
    } else {
      guilty.vm().countFault();
    }
    String comm = guilty.context().comm(guilty.submitter());
    String cmdline = guilty.context().cmdline(guilty.submitter());
    String offender = comm == null || cmdline == null ? "unknown" : comm + " (" + cmdline + ")";
    gpu.error("recover_worker", "%s: offending task: %s", gpu.info().name(), offender);
  }
}
