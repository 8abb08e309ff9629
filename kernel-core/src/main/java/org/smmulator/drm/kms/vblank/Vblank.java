package org.smmulator.drm.kms.vblank;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EINVAL;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MonotonicClock;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.WaitResult;

/**
 * The vblanks of one CRTC. Kernel: {@code struct drm_vblank_crtc}.
 *
 * <p>Their interrupt is on only while somebody wants them, and they are counted only then: what
 * came in between is not made up, as for any driver without a counter in hardware. It is turned off
 * as soon as nobody wants it, as with {@code drm.vblankoffdelay} negative (unset, Linux leaves it
 * on for five seconds), so that a machine that shows a still picture comes to rest.
 */
public final class Vblank {
  /** Turns the interrupt on and off. Kernel: {@code drm_crtc_funcs.enable_vblank}. */
  public interface Interrupt {
    /**
     * Turns it on.
     *
     * @throws ErrnoException what the driver gives
     */
    void enable() throws ErrnoException;

    void disable();
  }

  private record Queued(VblankEvent event, long sequence) {}

  private final Interrupt interrupt;
  private final MonotonicClock clock;
  private final WaitQueue queue;
  private final List<Queued> events = new ArrayList<>();
  private long count;
  private long timeNs;
  private int wanted;
  private boolean enabled;

  /** The output is off: {@code inmodeset}. */
  private boolean off = true;

  /**
   * Makes a counter at 0, whose output is off.
   *
   * @param name the CRTC's, for people
   */
  public Vblank(KernelServices kernel, String name, Interrupt interrupt) {
    this.clock = kernel.clock();
    this.interrupt = interrupt;
    this.queue = new WaitQueue(kernel.scheduler(), "a vblank of " + name);
  }

  /** How many there were. Kernel: {@code drm_crtc_vblank_count()}. */
  public long count() {
    return count;
  }

  /** When the last one was, on the clock of clients; 0 if there was none. */
  public long timeNs() {
    return timeNs;
  }

  // ---- who wants them

  /**
   * Wants them, until {@link #put}. Kernel: {@code drm_crtc_vblank_get()}.
   *
   * @throws ErrnoException EINVAL if the output is off; what the driver gives
   */
  public void get() throws ErrnoException {
    if (off) {
      throw EINVAL.because("the output is off");
    }
    if (wanted == 0) {
      interrupt.enable();
      enabled = true;
    }
    wanted++;
  }

  /** Ends {@link #get}. Kernel: {@code drm_crtc_vblank_put()}. */
  public void put() {
    checkState(wanted > 0, "nobody wants vblanks");
    wanted--;
    if (wanted == 0 && enabled) {
      enabled = false;
      interrupt.disable();
    }
  }

  public boolean isEnabled() {
    return enabled;
  }

  // ---- the output goes on and off

  /** Kernel: {@code drm_crtc_vblank_on()}. */
  public void on() {
    off = false;
  }

  /** Turns the interrupt off; what was to come comes now. Kernel: {@code drm_crtc_vblank_off()}. */
  public void off() {
    if (enabled) {
      enabled = false;
      interrupt.disable();
    }
    off = true;
    queue.wakeAll();
    List<Queued> early = List.copyOf(events);
    events.clear();
    for (Queued queued : early) {
      wanted--;
      queued.event.send(count, timeNs);
    }
  }

  // ---- events

  /**
   * Sends an event with the next vblank; the caller has one {@link #get}, which ends with it.
   * Kernel: {@code drm_crtc_arm_vblank_event()}.
   */
  public void arm(VblankEvent event) {
    queue(event, count + 1);
  }

  /** Sends an event with vblank {@code sequence}; as {@link #arm}. */
  public void queue(VblankEvent event, long sequence) {
    events.add(new Queued(event, sequence));
  }

  /** Sends an event now. Kernel: {@code drm_crtc_send_vblank_event()}. */
  public void send(VblankEvent event) {
    event.send(count, timeNs == 0 ? clock.nowNs() : timeNs);
  }

  /** A vblank has come; called in its interrupt. Kernel: {@code drm_crtc_handle_vblank()}. */
  public void handle() {
    if (!enabled) {
      return;
    }
    count++;
    timeNs = clock.nowNs();
    queue.wakeAll();
    List<Queued> due = new ArrayList<>();
    for (Iterator<Queued> all = events.iterator(); all.hasNext(); ) {
      Queued next = all.next();
      if (hasPassed(next.sequence)) {
        all.remove();
        due.add(next);
      }
    }
    for (Queued queued : due) {
      put();
      queued.event.send(count, timeNs);
    }
  }

  /** Returns whether vblank {@code sequence} has been. Kernel: {@code drm_vblank_passed()}. */
  public boolean hasPassed(long sequence) {
    return count - sequence <= 1L << 23 && count - sequence >= 0;
  }

  // ---- waiting

  /** Waits until {@code condition} holds, which only vblanks change, or the output is off. */
  public WaitResult await(BooleanSupplier condition, long deadlineNs) {
    return queue.await(() -> condition.getAsBoolean() || !enabled, deadlineNs);
  }

  /** The same; a fatal signal ends the wait. */
  public WaitResult awaitInterruptible(BooleanSupplier condition, long deadlineNs) {
    return queue.awaitInterruptible(() -> condition.getAsBoolean() || !enabled, deadlineNs);
  }
}
