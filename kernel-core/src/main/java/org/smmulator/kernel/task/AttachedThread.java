package org.smmulator.kernel.task;

import static com.google.common.base.Preconditions.checkState;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread outside of the machine that makes calls into it while another thread runs it. Made by
 * {@link Scheduler#attach}.
 *
 * <p>While one is attached, an idle machine waits for calls: it is not deadlocked, and its time
 * does not jump ahead of a thread that is not in a call.
 *
 * <p>Threads: {@link #interrupt} may be called from anywhere, the rest from the one thread.
 */
public final class AttachedThread implements AutoCloseable {
  private final Scheduler scheduler;
  private volatile @Nullable OutsideCall current;
  private boolean closed;

  AttachedThread(Scheduler scheduler) {
    this.scheduler = scheduler;
    scheduler.inbox().attach();
  }

  /**
   * Runs {@code body} in a context of its own, on behalf of {@code task}, and waits for its result.
   *
   * @throws MachineStopped if the machine stops meanwhile
   * @throws IllegalStateException if the machine is closed meanwhile
   */
  public long call(Task task, LongSupplier body) {
    checkState(!closed && current == null, "the thread is detached, or in a call");
    OutsideCall call = new OutsideCall(scheduler, task, body);
    current = call;
    try {
      scheduler.inbox().start(call);
      return call.await();
    } finally {
      current = null;
    }
  }

  /**
   * Ends the interruptible wait that the call in progress is in, and its next ones, as a signal
   * with a handler does: the call then gives EINTR. No effect between calls.
   */
  public void interrupt() {
    OutsideCall call = current;
    if (call != null) {
      scheduler.inbox().send(call::interrupt);
    }
  }

  /** Detaches the thread: the machine no longer waits for it. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      scheduler.inbox().detach();
    }
  }
}
