package org.smmulator.dmabuf;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import com.google.common.math.IntMath;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.lock.WwMutex;
import org.smmulator.kernel.task.WaitResult;

/**
 * The fences of the work that uses a buffer, and the lock of that buffer. Kernel: {@code struct
 * dma_resv}.
 *
 * <p>Room for fences is reserved under the lock, before the point of no return, so that adding them
 * cannot fail. They are read without the lock too; who reads so sees none that has signalled.
 */
public final class Reservation {
  private record Slot(Fence fence, Usage usage) {}

  private static final int LEAST_ROOM = 4;

  private final ReservationClass owner;
  private final WwMutex lock;
  private final List<Slot> slots = new ArrayList<>(2);
  private int room;

  Reservation(ReservationClass owner, WwMutex lock) {
    this.owner = owner;
    this.lock = lock;
  }

  /** The lock, which a transaction of {@link ReservationClass#transaction} takes with others. */
  public WwMutex lock() {
    return lock;
  }

  /** Locks it alone: {@link ReservationClass#lock}. */
  public WwMutex.Transaction lockAlone() {
    return owner.lock(this);
  }

  /**
   * Locks it alone if nobody has it locked. Kernel: {@code dma_resv_trylock()}.
   *
   * @return what unlocks it when closed; null if somebody has it
   */
  public WwMutex.@Nullable Transaction tryLockAlone() {
    return owner.tryLock(this);
  }

  // ---- under the lock

  /**
   * Makes room for {@code count} fences more, and drops those that have signalled if it takes new
   * room for that. Kernel: {@code dma_resv_reserve_fences()}.
   *
   * @param count at least 1
   */
  public void reserve(int count) {
    checkLocked();
    checkArgument(count > 0, "room for %s fences", count);
    if (room != 0 && slots.size() + count <= room) {
      return;
    }
    room =
        room == 0
            ? Math.max(LEAST_ROOM, 1 << IntMath.log2(count, RoundingMode.CEILING))
            : Math.max(slots.size() + count, room * 2);
    slots.removeIf(slot -> slot.fence.isSignaled());
  }

  /**
   * Adds a fence, for which there is room. It takes the place of one that has signalled, or of an
   * earlier fence of the same timeline that stands for no more than this one does. Kernel: {@code
   * dma_resv_add_fence()}.
   *
   * @param fence no array and no chain
   */
  public void add(Fence fence, Usage usage) {
    checkLocked();
    checkArgument(!FenceUnwrap.isContainer(fence), "%s is not one fence", fence);
    Slot added = new Slot(fence, usage);
    for (int i = 0; i < slots.size(); i++) {
      if (isReplacedBy(slots.get(i), added)) {
        slots.set(i, added);
        return;
      }
    }
    checkState(slots.size() < room, "no room was reserved for %s", fence);
    slots.add(added);
  }

  private static boolean isReplacedBy(Slot old, Slot added) {
    boolean sameTimeline =
        old.fence.context() == added.fence.context()
            && old.usage.compareTo(added.usage) >= 0
            && added.fence.isLaterThanOrSame(old.fence);
    return sameTimeline || old.fence.isSignaled();
  }

  /**
   * Puts {@code replacement} in the place of every fence of the timeline {@code context}: of one
   * that ends the same work, such as the unmapping after it. Kernel: {@code
   * dma_resv_replace_fences()}.
   */
  public void replace(long context, Fence replacement, Usage usage) {
    checkLocked();
    slots.replaceAll(slot -> slot.fence.context() == context ? new Slot(replacement, usage) : slot);
  }

  /**
   * Takes over the fences of {@code from} that have not signalled, with their usages, in the place
   * of its own. Kernel: {@code dma_resv_copy_fences()}.
   */
  public void copyFrom(Reservation from) {
    checkLocked();
    List<Slot> pending = from.slots.stream().filter(slot -> !slot.fence.isSignaled()).toList();
    slots.clear();
    slots.addAll(pending);
    room = slots.size();
  }

  /** Checks that somebody has it locked. Kernel: {@code dma_resv_assert_held()}. */
  public void checkLocked() {
    checkState(lock.isLocked(), "a reservation is used that is not locked");
  }

  // ---- reading

  /**
   * Shows {@code reader} the fences of {@code level} and of the levels before it, in slot order,
   * also those that have signalled. Kernel: {@code dma_resv_for_each_fence()}.
   */
  public void forEach(Usage level, Consumer<Fence> reader) {
    for (Slot slot : slots) {
      if (slot.usage.compareTo(level) <= 0) {
        reader.accept(slot.fence);
      }
    }
  }

  /** The fences of {@code level} that have not signalled. Kernel: {@code dma_resv_get_fences()}. */
  public ImmutableList<Fence> pending(Usage level) {
    ImmutableList.Builder<Fence> pending = ImmutableList.builder();
    forEach(
        level,
        fence -> {
          if (!fence.isSignaled()) {
            pending.add(fence);
          }
        });
    return pending.build();
  }

  /**
   * One fence for all of {@code level} that have not signalled; null if there is none. Kernel:
   * {@code dma_resv_get_singleton()}.
   */
  public @Nullable Fence singleton(Usage level) {
    ImmutableList<Fence> pending = pending(level);
    return switch (pending.size()) {
      case 0 -> null;
      case 1 -> pending.getFirst();
      default -> pending.getFirst().contexts().all(pending);
    };
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
    for (Fence fence : pending(level)) {
      WaitResult result = fence.awaitInterruptible(deadlineNs);
      if (result != WaitResult.DONE) {
        return result;
      }
    }
    return WaitResult.DONE;
  }

  /** Waits, whatever signal comes, until no work of {@code level} is left. */
  public void await(Usage level) {
    for (Fence fence : pending(level)) {
      var _ = fence.await(Long.MAX_VALUE);
    }
  }

  /** Waits until {@code deadlineNs}, whatever signal comes; false if work of the level is left. */
  public boolean await(Usage level, long deadlineNs) {
    for (Fence fence : pending(level)) {
      if (fence.await(deadlineNs) != WaitResult.DONE) {
        return false;
      }
    }
    return true;
  }

  /**
   * Passes on that somebody hopes for the work of {@code level} by {@code deadlineNs}. Kernel:
   * {@code dma_resv_set_deadline()}.
   */
  public void setDeadline(Usage level, long deadlineNs) {
    pending(level).forEach(fence -> fence.setDeadline(deadlineNs));
  }

  /** The lines of debugfs, up to the readers. Kernel: {@code dma_resv_describe()}. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    for (Slot slot : slots) {
      if (slot.usage.compareTo(Usage.READ) <= 0) {
        String usage = slot.usage.name().toLowerCase(Locale.ROOT);
        text.append('\t').append(usage).append(" fence:").append(slot.fence.describe());
      }
    }
    return text.toString();
  }
}
