package org.smmulator.dmabuf;

import static com.google.common.base.Preconditions.checkState;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * A promise that some work ends. It signals once, and stays so. Kernel: {@code struct dma_fence}.
 *
 * <p>A fence is a point, {@link #seqno}, on a timeline, {@link #context}; the points of one
 * timeline signal in order. Signalling may happen in a hard interrupt; callbacks run there and must
 * not block.
 */
public class Fence {
  private final FenceContexts contexts;
  private final String driverName;
  private final String timelineName;
  private final long context;
  private final long seqno;

  private boolean signaled;
  private boolean signalingEnabled;
  private @Nullable Errno error;
  private long timestampNs;

  // Most fences are waited for by nobody or by one, so these are made when needed.
  private @Nullable List<Runnable> callbacks;
  private @Nullable WaitQueue waiters;

  /** Makes a fence that has not signalled. */
  public Fence(
      FenceContexts contexts, String driverName, String timelineName, long context, long seqno) {
    this.contexts = contexts;
    this.driverName = driverName;
    this.timelineName = timelineName;
    this.context = context;
    this.seqno = seqno;
  }

  public final long context() {
    return context;
  }

  public final long seqno() {
    return seqno;
  }

  /** The name of the driver that made it. Kernel: {@code dma_fence_driver_name()}. */
  public final String driverName() {
    return isDetached() ? "detached-driver" : driverName;
  }

  /** The name of its timeline. Kernel: {@code dma_fence_timeline_name()}. */
  public final String timelineName() {
    return isDetached() ? "signaled-timeline" : timelineName;
  }

  private boolean isDetached() {
    return signaled && !outlivesItsSignal();
  }

  /** The machine's timelines, of which this is one. */
  final FenceContexts contexts() {
    return contexts;
  }

  // ---- for who makes it

  /**
   * Asks the hardware whether the work has ended, for fences whose driver can tell before anybody
   * calls {@link #signal}. Kernel: {@code dma_fence_ops.signaled}.
   */
  protected boolean hasEnded() {
    return false;
  }

  /**
   * Somebody waits for the first time: from here on the fence has to signal by itself. Kernel:
   * {@code dma_fence_ops.enable_signaling}.
   *
   * @return false if the work has ended already
   */
  protected boolean enableSignaling() {
    return true;
  }

  /** Somebody hopes that the fence signals by {@code deadlineNs}, in virtual nanoseconds. */
  protected void deadlineHinted(long deadlineNs) {}

  /**
   * Returns whether the fence knows its driver after the signal too. Kernel: {@code
   * dma_fence_ops.release} or {@code dma_fence_ops.wait} is set.
   */
  protected boolean outlivesItsSignal() {
    return false;
  }

  /** Returns whether the point {@code one} is later than {@code other} of this timeline. */
  boolean isLater(long one, long other) {
    return (int) (one - other) > 0;
  }

  // ---- for everybody

  /**
   * Returns whether the fence has signalled, and signals it first if the hardware has finished the
   * work.
   */
  public final boolean isSignaled() {
    if (!signaled && hasEnded()) {
      signal();
    }
    return signaled;
  }

  /** Signals, unless that has happened. Callbacks run in the order in which they were added. */
  public final void signal() {
    signal(contexts.scheduler().nowNs());
  }

  /** The same, at a moment that may be past. Kernel: {@code dma_fence_signal_timestamp()}. */
  final void signal(long atNs) {
    if (signaled) {
      return;
    }
    signaled = true;
    timestampNs = atNs;
    List<Runnable> told = callbacks;
    callbacks = null;
    if (told != null) {
      for (Runnable callback : told) {
        callback.run();
      }
    }
    if (waiters != null) {
      waiters.wakeAll();
    }
  }

  /**
   * Says, before the fence signals, that its work failed. Kernel: {@code dma_fence_set_error()}.
   */
  public final void setError(Errno reason) {
    checkState(!signaled, "%s has signalled and gets the error %s", this, reason);
    error = reason;
  }

  /**
   * The error that the fence has, or will have when it signals; null if there is none so far.
   * Kernel: {@code dma_fence.error}.
   */
  public final @Nullable Errno errorSoFar() {
    return error;
  }

  /**
   * Why the work failed; null while the fence has not signalled, and if the work was done. Kernel:
   * {@code dma_fence_get_status()}.
   */
  public final @Nullable Errno error() {
    return signaled ? error : null;
  }

  /** When it signalled, in virtual nanoseconds; 0 before. */
  public final long timestampNs() {
    return timestampNs;
  }

  /**
   * Calls {@code callback} once when the fence signals.
   *
   * @return false, and no call ever, if it has signalled already (the kernel's ENOENT)
   */
  public final boolean addCallback(Runnable callback) {
    if (isSignaled() || !enableSoftwareSignaling()) {
      return false;
    }
    if (callbacks == null) {
      callbacks = new ArrayList<>(2);
    }
    callbacks.add(callback);
    return true;
  }

  /** Takes back {@link #addCallback}; returns whether it was still to be called. */
  public final boolean removeCallback(Runnable callback) {
    return callbacks != null && callbacks.remove(callback);
  }

  /**
   * Has the fence signal by itself when its work ends; returns whether that is to come. Kernel:
   * {@code dma_fence_enable_sw_signaling()}.
   */
  public final boolean enableSoftwareSignaling() {
    if (!signaled && !signalingEnabled) {
      signalingEnabled = true;
      if (!enableSignaling()) {
        signal();
      }
    }
    return !signaled;
  }

  /** Waits for the fence; a fatal signal ends the wait. The deadline is in virtual nanoseconds. */
  public final WaitResult awaitInterruptible(long deadlineNs) {
    return hasNothingToWaitFor()
        ? WaitResult.DONE
        : waiters().awaitInterruptible(this::isSignaled, deadlineNs);
  }

  /** Waits for the fence, whatever signal comes. */
  public final WaitResult await(long deadlineNs) {
    return hasNothingToWaitFor() ? WaitResult.DONE : waiters().await(this::isSignaled, deadlineNs);
  }

  private boolean hasNothingToWaitFor() {
    return isSignaled() || !enableSoftwareSignaling();
  }

  /**
   * Passes on that somebody hopes for the signal by {@code deadlineNs}, in virtual nanoseconds.
   * Kernel: {@code dma_fence_set_deadline()}.
   */
  public final void setDeadline(long deadlineNs) {
    if (!isSignaled()) {
      deadlineHinted(deadlineNs);
    }
  }

  /**
   * Returns whether this is a later point than {@code other} of the same timeline. Numbers of 32
   * bits may wrap. Kernel: {@code dma_fence_is_later()}.
   */
  public final boolean isLaterThan(Fence other) {
    checkState(context == other.context, "%s and %s are of two timelines", this, other);
    return isLater(seqno, other.seqno);
  }

  /**
   * Returns whether this is {@code other} or a later point of its timeline. Kernel: {@code
   * dma_fence_is_later_or_same()}.
   */
  @SuppressWarnings("ReferenceEquality") // a fence has an identity
  final boolean isLaterThanOrSame(Fence other) {
    return this == other || isLaterThan(other);
  }

  /** The line of debugfs. Kernel: {@code dma_fence_describe()}. */
  public final String describe() {
    boolean ended = isSignaled();
    return String.format(
        Locale.ROOT,
        "%d:%d %s %s %ssignalled\n",
        context,
        seqno,
        ended ? "" : timelineName,
        ended ? "" : driverName,
        ended ? "" : "un");
  }

  @Override
  public final String toString() {
    return "%s:%s:%d:%d".formatted(driverName, timelineName, context, seqno);
  }

  private WaitQueue waiters() {
    if (waiters == null) {
      waiters = new WaitQueue(contexts.scheduler(), "the fence " + this);
    }
    return waiters;
  }
}
