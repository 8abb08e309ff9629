package org.smmulator.drm.kms;

import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/** Something that happens once. Kernel: {@code struct completion}. */
final class CommitStage {
  private final Scheduler scheduler;
  private final WaitQueue waiters;
  private boolean done;

  CommitStage(Scheduler scheduler, String what) {
    this.scheduler = scheduler;
    this.waiters = new WaitQueue(scheduler, what);
  }

  void complete() {
    done = true;
    waiters.wakeAll();
  }

  boolean isDone() {
    return done;
  }

  /** Waits for {@code timeoutNs} at most; returns whether it has happened. */
  boolean await(long timeoutNs) {
    return done || waiters.await(() -> done, scheduler.nowNs() + timeoutNs) == WaitResult.DONE;
  }

  /** The same; ERESTARTSYS if a fatal signal ends the wait. */
  boolean awaitInterruptible(long timeoutNs) throws ErrnoException {
    if (done) {
      return true;
    }
    WaitResult result = waiters.awaitInterruptible(() -> done, scheduler.nowNs() + timeoutNs);
    if (result == WaitResult.INTERRUPTED) {
      throw Errno.ERESTARTSYS.because("killed while waiting for %s", waiters);
    }
    return result == WaitResult.DONE;
  }
}
