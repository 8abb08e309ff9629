package org.smmulator.drm.syncobj;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ERESTARTSYS;
import static org.smmulator.kernel.errno.Errno.ETIME;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.dmabuf.Fence;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;
import org.smmulator.uapi.drm.DrmSyncobjWait;

/**
 * A wait for points of sync objects: for fences to be there, and then for them to signal. Kernel:
 * {@code drm_syncobj_array_wait_timeout()}.
 */
public final class SyncobjWait {
  /** The answer if none had signalled yet when the wait for all of them began. */
  public static final int NONE_FIRST = -1;

  /** {@code DRM_SYNCOBJ_WAIT_FOR_SUBMIT_TIMEOUT}. */
  private static final long FOR_SUBMIT_NS = 5_000_000_000L;

  /** Kernel: {@code struct syncobj_wait_entry}. */
  private static final class Entry {
    final Syncobj syncobj;
    final long point;
    final WaitQueue woken;
    final Runnable waiter = this::anotherFence;
    final Runnable callback;
    @Nullable Fence fence;
    boolean armed;

    Entry(Syncobj syncobj, long point, WaitQueue woken) {
      this.syncobj = syncobj;
      this.point = point;
      this.woken = woken;
      this.callback = woken::wakeAll;
      this.fence = syncobj.find(point);
    }

    void awaitFence() {
      if (fence == null) {
        syncobj.addWaiter(waiter);
        anotherFence();
      }
    }

    /** Kernel: {@code syncobj_wait_syncobj_func()}. */
    private void anotherFence() {
      fence = syncobj.find(point);
      if (fence != null) {
        syncobj.removeWaiter(waiter);
        woken.wakeAll();
      }
    }

    /** Asks, and the first time has the wait woken by it. */
    boolean isReached(boolean available) {
      if (fence == null) {
        return false;
      }
      if (available || fence.isSignaled()) {
        return true;
      }
      boolean first = !armed;
      armed = true;
      return first && !fence.addCallback(callback);
    }

    void forget() {
      syncobj.removeWaiter(waiter);
      if (armed && fence != null) {
        fence.removeCallback(callback);
      }
    }
  }

  private final Scheduler scheduler;
  private final ImmutableList<Entry> entries;
  private final WaitQueue queue;
  private final boolean all;
  private final boolean available;
  private int first = NONE_FIRST;

  private SyncobjWait(Scheduler scheduler, List<Syncobj> syncobjs, long[] points, int flags) {
    this.scheduler = scheduler;
    this.queue = new WaitQueue(scheduler, "sync objects");
    this.all = (flags & DrmSyncobjWait.WAIT_ALL) != 0;
    this.available = (flags & DrmSyncobjWait.WAIT_AVAILABLE) != 0;
    ImmutableList.Builder<Entry> made = ImmutableList.builderWithExpectedSize(points.length);
    for (int i = 0; i < points.length; i++) {
      made.add(new Entry(syncobjs.get(i), points[i], queue));
    }
    this.entries = made.build();
  }

  /**
   * Waits for one of the points, or with {@link DrmSyncobjWait#WAIT_ALL} for all of them.
   *
   * @param flags the client's
   * @param deadlineNs when to give up, in virtual time; what is past has one look
   * @param hintNs by when the client would like it, null if it does not say
   * @return which of them is reached; for all of them, the first that was when the wait began, or
   *     {@link #NONE_FIRST}
   * @throws ErrnoException EINVAL if there is no fence for one of them and the flags do not say to
   *     wait for it; ETIME, ERESTARTSYS
   */
  public static int await(
      Scheduler scheduler,
      List<Syncobj> syncobjs,
      long[] points,
      int flags,
      long deadlineNs,
      @Nullable Long hintNs)
      throws ErrnoException {
    SyncobjWait wait = new SyncobjWait(scheduler, syncobjs, points, flags);
    try {
      wait.await((flags & DrmSyncobjWait.WAIT_FOR_SUBMIT) != 0, deadlineNs, hintNs);
      return wait.first;
    } finally {
      wait.entries.forEach(Entry::forget);
    }
  }

  /**
   * Waits until there is a fence for {@code point}.
   *
   * @throws ErrnoException ETIME after 5 s; ERESTARTSYS
   */
  static Fence forSubmit(Scheduler scheduler, Syncobj syncobj, long point) throws ErrnoException {
    int flags = DrmSyncobjWait.WAIT_AVAILABLE;
    SyncobjWait wait = new SyncobjWait(scheduler, List.of(syncobj), new long[] {point}, flags);
    Entry entry = wait.entries.getFirst();
    try {
      wait.await(true, scheduler.nowNs() + FOR_SUBMIT_NS, null);
      Fence found = entry.fence;
      if (found == null) {
        throw new IllegalStateException("the wait ended without the fence that it was for");
      }
      return found;
    } finally {
      entry.forget();
    }
  }

  private void await(boolean forSubmit, long deadlineNs, @Nullable Long hintNs)
      throws ErrnoException {
    int reached = countReached(forSubmit || available);
    if (reached == entries.size() || (reached > 0 && !all)) {
      return;
    }
    if (forSubmit || available) {
      entries.forEach(Entry::awaitFence);
    }
    if (hintNs != null) {
      for (Entry entry : entries) {
        if (entry.fence != null) {
          entry.fence.setDeadline(hintNs);
        }
      }
    }
    switch (awaitEnough(deadlineNs)) {
      case DONE -> {}
      case TIMED_OUT -> throw ETIME.because("%d sync objects", entries.size());
      case INTERRUPTED -> throw ERESTARTSYS.because("killed while waiting for sync objects");
    }
  }

  private int countReached(boolean mayBeMissing) throws ErrnoException {
    int reached = 0;
    for (int i = 0; i < entries.size(); i++) {
      Fence fence = entries.get(i).fence;
      if (fence == null && !mayBeMissing) {
        throw EINVAL.because("sync object %d of the call has no such point", i);
      }
      if (fence != null && (available || fence.isSignaled())) {
        first = reached == 0 ? i : first;
        reached++;
      }
    }
    return reached;
  }

  private WaitResult awaitEnough(long deadlineNs) {
    if (deadlineNs <= scheduler.nowNs()) {
      return isEnough() ? WaitResult.DONE : WaitResult.TIMED_OUT;
    }
    return queue.awaitInterruptible(this::isEnough, deadlineNs);
  }

  private boolean isEnough() {
    int reached = 0;
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).isReached(available)) {
        if (!all) {
          first = i;
          return true;
        }
        reached++;
      }
    }
    return reached == entries.size();
  }
}
