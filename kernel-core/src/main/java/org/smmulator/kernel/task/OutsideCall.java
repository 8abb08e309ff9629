package org.smmulator.kernel.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A call of an {@link AttachedThread}: a context in the machine, and the thread's wait for it. */
final class OutsideCall {
  private final Scheduler scheduler;
  private final Task task;
  private final LongSupplier body;
  private final CompletableFuture<Long> result = new CompletableFuture<>();
  private @Nullable Context context;

  OutsideCall(Scheduler scheduler, Task task, LongSupplier body) {
    this.scheduler = scheduler;
    this.task = task;
    this.body = body;
  }

  /** Waits for the result. Called by the thread outside. */
  long await() {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException why) {
        throw why;
      }
      throw e;
    }
  }

  /** Ends the wait without a result. Any thread may call this. */
  void fail(RuntimeException why) {
    result.completeExceptionally(why);
  }

  /** Starts the context: an event in the machine, as is {@link #interrupt}. */
  void start() {
    scheduler.inbox().outside--;
    context = scheduler.spawnUser(task, this::run);
  }

  private void run() {
    long value = body.getAsLong();
    scheduler.inbox().outside++; // before the thread goes on: time must not jump ahead of it
    scheduler.inbox().ended(this);
    result.complete(value);
  }

  void interrupt() {
    if (context != null) {
      scheduler.interrupt(context);
    }
  }
}
