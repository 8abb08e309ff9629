package org.smmulator.kernel.task;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Work that a kernel thread does later, one item after another. Kernel: an ordered {@code struct
 * workqueue_struct}.
 *
 * <p>The thread starts with the first item, so a queue that is never used costs nothing.
 */
public final class Workqueue {
  private final Scheduler scheduler;
  private final String name;
  private final ArrayDeque<Work> pending = new ArrayDeque<>();
  private final WaitQueue filled;
  private final WaitQueue drained;
  private @Nullable Work running;
  private boolean started;

  /**
   * Makes an empty queue.
   *
   * @param name the kernel thread's name, such as {@code kworker/u17:0}
   */
  public Workqueue(Scheduler scheduler, String name) {
    this.scheduler = scheduler;
    this.name = name;
    this.filled = new WaitQueue(scheduler, name + " to have work");
    this.drained = new WaitQueue(scheduler, name + " to finish its work");
  }

  /** Makes an item that runs {@code function}, which may block. */
  public Work work(Runnable function) {
    return new Work(this, function);
  }

  /** Waits until {@code work} is neither queued nor running. Kernel: {@code flush_work()}. */
  void flush(Work work) {
    var _ = drained.await(() -> !work.isPending() && running != work, WaitQueue.FOREVER);
  }

  /** Takes {@code work} off, and waits until it does not run. */
  void cancel(Work work) {
    if (pending.remove(work)) {
      work.forget();
      drained.wakeAll();
    }
    if (running == work) {
      var _ = drained.await(() -> running != work, WaitQueue.FOREVER);
    }
  }

  void add(Work work) {
    pending.addLast(work);
    if (!started) {
      started = true;
      var _ = scheduler.spawnKernel(name, this::loop);
    }
    filled.wakeAll();
  }

  private void loop() {
    while (true) {
      filled.awaitIdle(() -> !pending.isEmpty());
      Work next = pending.removeFirst();
      running = next;
      next.run();
      scheduler.point();
      running = null;
      drained.wakeAll();
    }
  }
}
