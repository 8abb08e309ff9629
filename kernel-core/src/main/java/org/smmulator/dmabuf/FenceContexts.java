package org.smmulator.dmabuf;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.task.Scheduler;

/**
 * Numbers for timelines of fences, one series for each machine. Kernel: {@code
 * dma_fence_context_alloc()}.
 */
public final class FenceContexts {
  private final Scheduler scheduler;
  private long next = 1;

  public FenceContexts(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Takes {@code count} numbers in a row and returns the first. */
  public long alloc(int count) {
    long first = next;
    next += count;
    return first;
  }

  /**
   * A fence that signals when each of {@code fences} has, with the error of the first that failed.
   * Kernel: {@code struct dma_fence_array}, signal-on-all.
   */
  public Fence all(ImmutableList<Fence> fences) {
    Fence whole = new Fence(this, "dma_fence_array", "unbound", alloc(1), 1);
    int[] left = {fences.size()};
    @Nullable Errno[] firstError = {null};
    for (Fence fence : fences) {
      Runnable signaled =
          () -> {
            firstError[0] = firstError[0] == null ? fence.error() : firstError[0];
            if (--left[0] == 0) {
              end(whole, firstError[0]);
            }
          };
      if (!fence.addCallback(signaled)) {
        signaled.run();
      }
    }
    if (fences.isEmpty()) {
      whole.signal();
    }
    return whole;
  }

  private static void end(Fence whole, @Nullable Errno error) {
    if (error != null) {
      whole.setError(error);
    }
    whole.signal();
  }

  /** A fence that has signalled. Kernel: {@code dma_fence_allocate_private_stub()}. */
  public Fence signaled() {
    Fence stub = new Fence(this, "stub", "stub", 0, 0);
    stub.signal();
    return stub;
  }

  Scheduler scheduler() {
    return scheduler;
  }
}
