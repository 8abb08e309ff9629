package org.smmulator.dmabuf;

import com.google.common.collect.ImmutableList;
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
   * A fence that signals when each of {@code fences} has, without an error. Kernel: {@code struct
   * dma_fence_array}, signal-on-all.
   */
  public Fence all(ImmutableList<Fence> fences) {
    Fence whole = new Fence(this, "dma_fence_array", "unbound", alloc(1), 1);
    int[] left = {1};
    Runnable oneLess =
        () -> {
          if (--left[0] == 0) {
            whole.signal();
          }
        };
    for (Fence fence : fences) {
      left[0]++;
      if (!fence.addCallback(oneLess)) {
        oneLess.run();
      }
    }
    oneLess.run();
    return whole;
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
