package org.smmulator.kernel.task;

/**
 * An item of a {@link Workqueue}: a function that runs once for each time it was queued while idle.
 */
public final class Work {
  private final Workqueue queue;
  private final Runnable function;
  private boolean pending;

  Work(Workqueue queue, Runnable function) {
    this.queue = queue;
    this.function = function;
  }

  /** Queues the item, unless it is queued already. Callable from a hard interrupt. */
  public void queue() {
    if (!pending) {
      pending = true;
      queue.add(this);
    }
  }

  /** Waits until the item is neither queued nor running. */
  public void flush() {
    queue.flush(this);
  }

  /**
   * Takes the item off its queue, and waits until it does not run. Kernel: {@code
   * cancel_work_sync()}.
   */
  public void cancelSync() {
    queue.cancel(this);
  }

  void forget() {
    pending = false;
  }

  boolean isPending() {
    return pending;
  }

  void run() {
    pending = false;
    function.run();
  }
}
