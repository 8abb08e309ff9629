package org.smmulator.kernel.task;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The events that threads outside of the machine send into it. The scheduler's loop takes them out
 * under the baton; sending wakes the loop if it sleeps.
 */
// # Sleeping and sending
// The loop writes `sleeper` and then looks for mail; a sender adds mail and then looks for a
// sleeper. Both are volatile, so one of the two sees the other. `over` and `calls` meet likewise.
final class Inbox {
  private final ConcurrentLinkedQueue<Runnable> mail = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<OutsideCall> calls = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread sleeper;
  private volatile @Nullable RuntimeException over;

  /** Threads that are attached. Changes under the baton. */
  private int attached;

  /** Attached threads that are in no call. Changes under the baton. */
  int outside;

  // ---- any thread

  /** Sends an event, which runs as an interrupt does. */
  void send(Runnable event) {
    mail.add(event);
    Thread asleep = sleeper;
    if (asleep != null) {
      LockSupport.unpark(asleep);
    }
  }

  void attach() {
    send(() -> {
      attached++;
      outside++;
    });
  }

  void detach() {
    send(() -> {
      attached--;
      outside--;
    });
  }

  void start(OutsideCall call) {
    calls.add(call);
    RuntimeException end = over;
    if (end != null) {
      call.fail(end);
    }
    send(call::start);
  }

  // ---- under the baton

  boolean hasMail() {
    return !mail.isEmpty();
  }

  /** Takes the oldest event out; null if there is none. */
  @Nullable Runnable take() {
    return mail.poll();
  }

  void ended(OutsideCall call) {
    calls.remove(call);
  }

  /** Fails all calls, those in progress and those to come: the machine will not serve them. */
  void end(RuntimeException why) {
    over = why;
    calls.forEach(call -> call.fail(why));
  }

  /**
   * Returns whether an idle machine must wait for mail. While an attached thread is in no call,
   * nobody knows when it sends, and time must not jump over that moment. When all are in calls,
   * time passes for them, and the machine still has work to expect.
   *
   * @param eventsPending whether there is an event that time could jump to
   */
  boolean mustWait(boolean eventsPending) {
    return eventsPending ? outside > 0 : attached > 0;
  }

  /** Sleeps until there is mail. */
  void sleep() {
    boolean interrupted = false;
    sleeper = Thread.currentThread();
    while (mail.isEmpty()) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // else an interrupted host thread would spin here
    }
    sleeper = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
