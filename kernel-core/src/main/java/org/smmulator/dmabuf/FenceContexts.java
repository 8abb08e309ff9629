package org.smmulator.dmabuf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.Scheduler;

/**
 * Numbers for timelines of fences, one series for each machine, and the fences that belong to no
 * driver. Kernel: {@code dma_fence_context_alloc()}.
 */
public final class FenceContexts {
  private final Scheduler scheduler;
  private final MonotonicClock clock;
  private final Fence stub;
  private long next = 1;

  /**
   * Makes a series that begins.
   *
   * @param clock the clock of clients, on which they see when a fence signalled
   */
  public FenceContexts(Scheduler scheduler, MonotonicClock clock) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.stub = signaled(scheduler.nowNs());
  }

  /** Takes {@code count} numbers in a row and returns the first. */
  public long alloc(int count) {
    long first = next;
    next += count;
    return first;
  }

  /**
   * A fence that signals when each of {@code fences} has, on a timeline of its own. Kernel: {@code
   * dma_fence_array_create()}, signal-on-all.
   *
   * @param fences one or more, none of them an array or a chain
   */
  public FenceArray all(ImmutableList<Fence> fences) {
    checkArgument(!fences.isEmpty(), "an array of no fences");
    return new FenceArray(this, alloc(1), fences);
  }

  /**
   * The one fence that had signalled when the machine began. Kernel: {@code dma_fence_get_stub()}.
   */
  public Fence stub() {
    return stub;
  }

  /** A fence that signals now. Kernel: {@code dma_fence_allocate_private_stub()}. */
  public Fence signaled() {
    return signaled(scheduler.nowNs());
  }

  /** A fence that signalled at {@code atNs}, in virtual nanoseconds. */
  Fence signaled(long atNs) {
    Fence made = new Fence(this, "stub", "stub", 0, 0);
    made.signal(atNs);
    return made;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  MonotonicClock clock() {
    return clock;
  }
}
