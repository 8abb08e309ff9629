package org.smmulator.drm.syncobj;

import static com.google.common.base.Preconditions.checkState;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.dmabuf.FenceChain;
import org.smmulator.dmabuf.FenceContexts;
import org.smmulator.kernel.fs.EventFd;

/**
 * A place for a fence that clients name: they put fences in, and wait for what is in it, also
 * before it is. With points it is a timeline: its fence is a chain. Kernel: {@code struct
 * drm_syncobj}.
 *
 * <p>Counted: handles and descriptors hold it, and calls that use it. The last one out takes back
 * what event descriptors still wait for.
 */
public final class Syncobj implements AutoCloseable {
  /** An event descriptor that waits for a point to be there. */
  private record Event(EventFd eventFd, long point, boolean whenAvailable) {}

  private final FenceContexts contexts;
  private final List<Runnable> waiters = new ArrayList<>(0);
  private final List<Event> events = new ArrayList<>(0);
  private @Nullable Fence fence;
  private int references = 1;

  /**
   * Makes one with one reference, its maker's. Kernel: {@code drm_syncobj_create()}.
   *
   * @param fence null if it begins without
   */
  public Syncobj(FenceContexts contexts, @Nullable Fence fence) {
    this.contexts = contexts;
    this.fence = fence;
  }

  /** The fence that is in it now; null if none is. Kernel: {@code drm_syncobj_fence_get()}. */
  public @Nullable Fence fence() {
    return fence;
  }

  /**
   * The fence after which {@code point} is reached, 0 for all that is in it; null if there is none
   * yet.
   */
  public @Nullable Fence find(long point) {
    return fence == null ? null : FenceChain.find(fence, point);
  }

  /**
   * Puts another fence in, or none. Kernel: {@code drm_syncobj_replace_fence()}.
   *
   * @param next null to empty it
   */
  @SuppressWarnings("ReferenceEquality") // a fence has an identity
  public void replace(@Nullable Fence next) {
    boolean changed = next != fence;
    fence = next;
    if (changed) {
      tell();
    }
  }

  /** Puts in a fence that signals now. Kernel: {@code drm_syncobj_assign_null_handle()}. */
  public void signal() {
    replace(contexts.signaled());
  }

  /**
   * Puts a point behind those that are in it. One that is not later than the last makes a timeline
   * of its own, as in the kernel, where {@code drm_syncobj_add_point()} only has a word for it.
   *
   * @param added no chain
   */
  public void addPoint(Fence added, long point) {
    Fence previous = fence;
    fence = FenceChain.after(contexts, previous, added, point);
    tell();
    for (Fence at = previous; at != null; ) {
      at = FenceChain.walk(at); // forgets what has signalled
    }
  }

  // ---- who waits for a fence to be there

  /** Calls {@code waiter} whenever another fence was put in. */
  void addWaiter(Runnable waiter) {
    waiters.add(waiter);
  }

  /** Forgets one {@link #addWaiter}; no effect if there is none. */
  void removeWaiter(Runnable waiter) {
    waiters.remove(waiter);
  }

  /**
   * Counts {@code eventFd} up when {@code point} is reached, once. Kernel: {@code
   * drm_syncobj_add_eventfd()}.
   *
   * @param whenAvailable already when there is a fence for it
   */
  public void addEvent(EventFd eventFd, long point, boolean whenAvailable) {
    Event event = new Event(eventFd, point, whenAvailable);
    events.add(event);
    tell(event);
  }

  private void tell() {
    List.copyOf(waiters).forEach(Runnable::run);
    List.copyOf(events).forEach(this::tell);
  }

  /** Kernel: {@code syncobj_eventfd_entry_func()}. */
  private void tell(Event event) {
    Fence reached = find(event.point);
    if (reached == null) {
      return;
    }
    events.remove(event);
    if (event.whenAvailable || !reached.addCallback(event.eventFd::signal)) {
      event.eventFd.signal();
    }
  }

  // ---- counting

  /** Takes a reference. */
  public Syncobj get() {
    checkState(references > 0, "the sync object is free");
    references++;
    return this;
  }

  /** Gives a reference back. Kernel: {@code drm_syncobj_put()}, {@code drm_syncobj_free()}. */
  public void put() {
    checkState(references > 0, "the sync object is free");
    if (--references == 0) {
      fence = null;
      events.clear();
    }
  }

  /** Gives a reference back: for try-with-resources around a lookup. */
  @Override
  public void close() {
    put();
  }
}
