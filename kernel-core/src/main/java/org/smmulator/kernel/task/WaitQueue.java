package org.smmulator.kernel.task;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * Contexts that wait until a condition holds. Whoever changes the condition wakes them.
 *
 * <p>Kernel: {@code wait_queue_head_t} with the {@code wait_event} family. Deadlines are absolute,
 * in virtual nanoseconds; {@link #FOREVER} is none.
 */
public final class WaitQueue {
  /** A deadline that never comes. */
  public static final long FOREVER = Long.MAX_VALUE;

  private final Scheduler scheduler;
  private final String name;
  private final ArrayDeque<Context> waiters = new ArrayDeque<>();

  /**
   * Makes an empty queue.
   *
   * @param name what is waited for, as the report of a deadlock says it
   */
  public WaitQueue(Scheduler scheduler, String name) {
    this.scheduler = scheduler;
    this.name = name;
  }

  /** Waits, whatever signal comes, until {@code condition} holds or the deadline has passed. */
  public WaitResult await(BooleanSupplier condition, long deadlineNs) {
    return await(condition, deadlineNs, false, false);
  }

  /** As {@link #await}, but a fatal signal ends the wait. */
  public WaitResult awaitInterruptible(BooleanSupplier condition, long deadlineNs) {
    return await(condition, deadlineNs, true, false);
  }

  /**
   * Waits as a worker does that has nothing to do: as long as it takes, and the machine may be idle
   * meanwhile without being deadlocked.
   */
  public void awaitIdle(BooleanSupplier condition) {
    var _ = await(condition, FOREVER, false, true);
  }

  /** Wakes every waiter; each looks at its condition again. */
  public void wakeAll() {
    while (!waiters.isEmpty()) {
      scheduler.wake(waiters.removeFirst());
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private WaitResult await(
      BooleanSupplier condition, long deadlineNs, boolean interruptible, boolean idle) {
    scheduler.mayBlock(name);
    scheduler.point(); // what was done before takes its time before the wait begins
    while (!condition.getAsBoolean()) {
      Context me = scheduler.requireCurrent();
      if (interruptible && scheduler.signalPending(me)) {
        return WaitResult.INTERRUPTED;
      }
      if (scheduler.nowNs() >= deadlineNs) {
        return WaitResult.TIMED_OUT;
      }
      waiters.addLast(me);
      try {
        scheduler.waitHere(me, name, deadlineNs, interruptible, idle);
      } finally {
        waiters.remove(me);
      }
    }
    return WaitResult.DONE;
  }
}
