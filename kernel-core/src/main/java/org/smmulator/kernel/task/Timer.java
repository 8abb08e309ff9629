package org.smmulator.kernel.task;

/**
 * Calls a function at a moment of virtual time. Kernel: {@code struct timer_list}.
 *
 * <p>The function runs to completion, as a soft interrupt: it must not block.
 */
public final class Timer {
  private final Scheduler scheduler;
  private final TimedEvent event;

  public Timer(Scheduler scheduler, Runnable function) {
    this.scheduler = scheduler;
    this.event = new TimedEvent(function);
  }

  /** Sets the timer to go off at {@code timeNs}, whatever it was set to before. */
  public void modify(long timeNs) {
    scheduler.cancel(event);
    scheduler.schedule(event, timeNs);
  }

  /** Stops the timer; no effect if it is not set. */
  public void cancel() {
    scheduler.cancel(event);
  }

  public boolean isPending() {
    return event.isQueued();
  }
}
