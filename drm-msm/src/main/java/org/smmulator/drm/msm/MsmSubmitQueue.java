package org.smmulator.drm.msm;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.drm.sched.SchedEntity;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.uapi.msm.SubmitQueue;

/** A line of submits of one priority. Kernel: {@code struct msm_gpu_submitqueue}. */
final class MsmSubmitQueue implements AutoCloseable {
  /** {@code MAX_WAIT_SCHED_ENTITY_Q_EMPTY}: a second. */
  private static final long MAX_FLUSH_NS = 1_000_000_000;

  private final MsmContext context;
  private final int id;
  private final int priority;
  private final int flags;
  private final MsmRingbuffer ring;
  private final SchedEntity entity;
  private final Mutex lock;

  /** Fences by the numbers that clients know them by; those that are retired are gone. */
  private final TreeMap<Integer, Fence> fences = new TreeMap<>();

  /** The number from which the next one is searched that the driver chooses. */
  private int nextFenceId = 1;

  private int lastFence;
  private int faults;
  private int references = 1;

  MsmSubmitQueue(
      MsmContext context, int id, int priority, int flags, MsmRingbuffer ring, SchedEntity entity) {
    this.context = context;
    this.id = id;
    this.priority = priority;
    this.flags = flags;
    this.ring = ring;
    this.entity = entity;
    this.lock = ring.gpu().core().kernel().lockdep().mutex("submitqueue->lock");
    context.get();
  }

  MsmContext context() {
    return context;
  }

  int id() {
    return id;
  }

  int priority() {
    return priority;
  }

  int flags() {
    return flags;
  }

  MsmRingbuffer ring() {
    return ring;
  }

  SchedEntity entity() {
    return entity;
  }

  /** Held while a submit is put together, so that fences are armed in order. */
  Mutex lock() {
    return lock;
  }

  /** How many of its submits hung. */
  int faults() {
    return faults;
  }

  void countFault() {
    faults++;
  }

  // ---- fences

  /** The number of the last fence. */
  int lastFence() {
    return lastFence;
  }

  /** The fence that a client knows as {@code fenceId}; null if it is retired or never was. */
  @Nullable Fence fence(int fenceId) {
    return fences.get(fenceId);
  }

  /**
   * Checks a number that a client chose.
   *
   * @throws ErrnoException EINVAL if it is 0 or in use
   */
  void checkUnused(int fenceId) throws ErrnoException {
    if (fenceId == 0 || fences.containsKey(fenceId)) {
      throw EINVAL.because("fence number %d", fenceId);
    }
  }

  /**
   * Gives {@code fence} a number: {@code wanted}, or if that is 0 the next that is free of 1 to
   * {@code INT_MAX - 1}, round and round. A number that the client chose leaves the round alone.
   * Kernel: {@code idr_alloc_u32()}, {@code idr_alloc_cyclic()}.
   */
  int publish(Fence fence, int wanted) {
    int number = wanted;
    if (number == 0) {
      number = nextFenceId;
      while (fences.containsKey(number)) {
        number = after(number);
      }
      nextFenceId = after(number);
    }
    fences.put(number, fence);
    lastFence = number;
    return number;
  }

  private static int after(int number) {
    return number == Integer.MAX_VALUE - 1 ? 1 : number + 1;
  }

  /** Removes a fence whose work has ended; a later wait for its number returns at once. */
  void retire(int fenceId) {
    fences.remove(fenceId);
  }

  // ---- the end

  /**
   * Lets changes of the address space that are on their way take place, as far as nothing keeps
   * them longer than Linux waits. Kernel: {@code drm_sched_entity_flush()} of {@code
   * msm_submitqueue_close()}.
   */
  void finishBinding() {
    if ((flags & SubmitQueue.VM_BIND) != 0) {
      boolean _ = entity.flush(MAX_FLUSH_NS, false);
    }
  }

  void get() {
    references++;
  }

  void put() {
    if (--references == 0) {
      if ((flags & SubmitQueue.VM_BIND) != 0) {
        entity.kill(); // it is the queue's own
      }
      context.put();
    }
  }

  /** Gives a reference back: for try-with-resources around a lookup. */
  @Override
  public void close() {
    put();
  }
}
