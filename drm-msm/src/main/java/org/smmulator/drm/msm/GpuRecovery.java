package org.smmulator.drm.msm;

import org.smmulator.drm.msm.coredump.CrashState;
import org.smmulator.drm.msm.rd.RdRecorder;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;

/**
 * Checks that submits make progress; skips one that does not, and resets the GPU. Kernel: {@code
 * hangcheck_handler()} and {@code recover_worker()}.
 */
// A ring is given up when its fence and its place in the commands stand still, or after three
// periods more if only the fence does. As round_jiffies_up() has it, a period ends with a whole
// second, so that many timers wake the CPU once.
//
// A client can forge a ring's fence to a number that has retired. If it hangs then, Linux looks for
// the submit with the number that follows, finds none and leaves the GPU as it is; here the oldest
// submit that has not retired is the guilty one. And Linux checks such a ring for ever, though
// nothing is in it; here that ends, lest the machine run for ever.
final class GpuRecovery {
  private static final long NS_PER_MS = 1_000_000;
  private static final long NS_PER_SECOND = 1_000_000_000;

  private final MsmGpu gpu;
  private final Scheduler scheduler;
  private final Timer hangcheck;
  private final Work recoverWork;
  private final CrashCapture crashes;
  private final SubmitSnapshot snapshot;
  private final RdRecorder hangrd;

  GpuRecovery(
      MsmGpu gpu,
      Workqueue worker,
      CrashCapture crashes,
      SubmitSnapshot snapshot,
      RdRecorder hangrd) {
    this.gpu = gpu;
    this.scheduler = gpu.core().kernel().scheduler();
    this.hangcheck = new Timer(scheduler, this::check);
    this.recoverWork = worker.work(this::recover);
    this.crashes = crashes;
    this.snapshot = snapshot;
    this.hangrd = hangrd;
  }

  /** Starts a period: something was put into a ring. Kernel: {@code hangcheck_timer_reset()}. */
  void watch() {
    long periodNs = Integer.toUnsignedLong(gpu.settings().hangcheckPeriodMs()) * NS_PER_MS;
    long seconds = (scheduler.nowNs() + periodNs) / NS_PER_SECOND;
    hangcheck.modify((seconds + 1) * NS_PER_SECOND);
  }

  /** Ends the period: somebody has seen that the GPU stands still. */
  void stop() {
    hangcheck.cancel();
  }

  /** Queues the recovery on the worker. */
  void start() {
    hangcheck.cancel();
    recoverWork.queue();
  }

  private void check() {
    MsmRingbuffer ring = gpu.activeRing();
    int fence = ring.fences().written();
    int last = ring.fences().lastFence();
    boolean moved = ring.sawFence(fence);
    boolean waits = MsmFenceContext.isAfter(last, fence) && gpu.isActive();
    if (!moved && waits && !ring.madeProgress(gpu)) {
      ring.forgetProgress();
      String name = gpu.info().name();
      gpu.error("hangcheck_handler", "%s: hangcheck detected gpu lockup rb %d!", name, ring.id());
      gpu.error(
          "hangcheck_handler", "%s:     completed fence: %d", name, Integer.toUnsignedLong(fence));
      gpu.error(
          "hangcheck_handler", "%s:     submitted fence: %d", name, Integer.toUnsignedLong(last));
      recoverWork.queue();
    }
    if (waits) {
      watch();
    }
    gpu.retire(); // an interrupt may have been missed
  }

  private void recover() {
    try (var _ = gpu.power().hold();
        var _ = gpu.lock().lock()) {
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
    MsmSubmit guilty = gpu.activeRing().guilty();
    if (guilty == null) {
      return false;
    }
    guilty.setSkipped();
    blame(guilty);
    MsmRingbuffer hung = guilty.ring();
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
    Offender offender = Offender.of(guilty);
    gpu.error("recover_worker", "%s: offending task: %s", gpu.info().name(), offender);
    snapshot.record(hangrd, guilty, offender.isKnown() ? "offending task: " + offender : null);
    crashes.capture(guilty, null, offender);
  }

  /**
   * Dumps the GPU while a fault stalls it. Of a submit only the first fault is dumped. Kernel:
   * {@code msm_gpu_fault_crashstate_capture()}.
   */
  void captureFault(CrashState.Fault fault) {
    try (var _ = gpu.power().hold();
        var _ = gpu.lock().lock()) {
      MsmSubmit faulting = gpu.activeRing().guilty();
      if (faulting != null && faulting.isFaultDumped()) {
        return;
      }
      Offender offender = Offender.NOBODY;
      if (faulting != null) {
        offender = Offender.of(faulting);
        faulting.setFaultDumped();
      }
      crashes.capture(faulting, fault, offender);
    }
  }
}
