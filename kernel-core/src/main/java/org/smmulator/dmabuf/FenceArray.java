package org.smmulator.dmabuf;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;

/**
 * A fence that signals when each of several has. Kernel: {@code struct dma_fence_array},
 * signal-on-all.
 *
 * <p>Its error is the first that one of them reports to it, and they report once somebody waits. An
 * array that is only asked whether it has signalled sees no errors, as in the kernel: {@code
 * dma_fence_array_signaled()} clears the pending one.
 */
public final class FenceArray extends Fence {
  private final ImmutableList<Fence> fences;
  private boolean enabled;
  private int pending;
  private @Nullable Errno firstError;

  FenceArray(FenceContexts contexts, long context, ImmutableList<Fence> fences) {
    super(contexts, "dma_fence_array", "unbound", context, 1);
    for (Fence fence : fences) {
      checkArgument(!FenceUnwrap.isContainer(fence), "an array that contains %s", fence);
    }
    this.fences = fences;
    this.pending = fences.size();
  }

  /** The fences, in the order in which they were given. */
  public ImmutableList<Fence> fences() {
    return fences;
  }

  @Override
  protected boolean hasEnded() {
    return enabled ? pending == 0 : fences.stream().allMatch(Fence::isSignaled);
  }

  @Override
  protected boolean enableSignaling() {
    enabled = true;
    pending++; // its own, so that it does not end before the last of them was asked
    for (Fence fence : fences) {
      if (!fence.addCallback(() -> reported(fence))) {
        countDown(fence);
      }
    }
    if (--pending == 0) {
      setFirstError();
    }
    return pending > 0;
  }

  private void reported(Fence fence) {
    countDown(fence);
    if (pending == 0) {
      setFirstError();
      signal();
    }
  }

  private void countDown(Fence fence) {
    firstError = firstError == null ? fence.error() : firstError;
    pending--;
  }

  private void setFirstError() {
    if (firstError != null) {
      setError(firstError);
    }
  }

  @Override
  protected boolean outlivesItsSignal() {
    return true;
  }

  @Override
  protected void deadlineHinted(long deadlineNs) {
    fences.forEach(fence -> fence.setDeadline(deadlineNs));
  }
}
