package org.smmulator.dmabuf;

import static com.google.common.base.Preconditions.checkState;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.smmulator.kernel.lock.WwMutex;
import org.smmulator.kernel.task.WaitResult;

/**
 * The fences of the work that uses a buffer, and the lock of that buffer. Kernel: {@code struct
 * dma_resv}.
 *
 * <p>Fences are added under the lock; they are read without it.
 */
public final class Reservation {
  private record Slot(Fence fence, Usage usage) {}

  private final WwMutex lock;
  private final List<Slot> slots = new ArrayList<>(2);

  Reservation(WwMutex lock) {
    this.lock = lock;
  }

  /** The lock; buffers are locked many at once, through {@link ReservationClass#lockAll}. */
  WwMutex lock() {
    return lock;
  }

  /**
   * Adds a fence. It takes the place of one that has signalled, or of an earlier fence of the same
   * timeline that stands for no more than this one does.
   */
  public void add(Fence fence, Usage usage) {
    checkState(lock.isLocked(), "a fence is added to a reservation that is not locked");
    Slot added = new Slot(fence, usage);
    for (int i = 0; i < slots.size(); i++) {
      if (isReplacedBy(slots.get(i), added)) {
        slots.set(i, added);
        return;
      }
    }
    slots.add(added);
  }

  private static boolean isReplacedBy(Slot old, Slot added) {
    boolean sameTimeline =
        old.fence.context() == added.fence.context()
            && old.usage.compareTo(added.usage) >= 0
            && !old.fence.isLaterThan(added.fence);
    return sameTimeline || old.fence.isSignaled();
  }

  /**
   * Shows {@code reader} the fences of {@code level} and of the levels before it, in slot order.
   */
  public void forEach(Usage level, Consumer<Fence> reader) {
    for (Slot slot : slots) {
      if (slot.usage.compareTo(level) <= 0) {
        reader.accept(slot.fence);
      }
    }
  }

  /** Returns whether every fence of {@code level} has signalled. */
  public boolean isSignaled(Usage level) {
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (slot.usage.compareTo(level) <= 0 && !slot.fence.isSignaled()) {
        return false;
      }
    }
    return true;
  }

  /** Waits for the work of {@code level} that is there now; a fatal signal ends the wait. */
  public WaitResult awaitInterruptible(Usage level, long deadlineNs) {
    for (Slot slot : List.copyOf(slots)) {
      if (slot.usage.compareTo(level) <= 0) {
        WaitResult result = slot.fence.awaitInterruptible(deadlineNs);
        if (result != WaitResult.DONE) {
          return result;
        }
      }
    }
    return WaitResult.DONE;
  }

  /** Waits, whatever signal comes, until no work of {@code level} is left. */
  public void await(Usage level) {
    for (Slot slot : List.copyOf(slots)) {
      if (slot.usage.compareTo(level) <= 0) {
        var _ = slot.fence.await(Long.MAX_VALUE);
      }
    }
  }
}
