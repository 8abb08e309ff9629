package org.smmulator.kernel.pm;

import static com.google.common.base.Preconditions.checkState;
import static org.smmulator.kernel.errno.Errno.EACCES;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.WaitQueue;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;

/**
 * The power state of a device, which is awake while a {@link #get} is held.
 *
 * <p>Kernel: {@code drivers/base/power/runtime.c}. {@link #put} suspends at once, unless the driver
 * {@linkplain #useAutosuspend asked for a delay}: then a device sleeps once nobody has used it for
 * as long. Waking may block, and others who want the device meanwhile wait.
 */
public final class RuntimePm {
  /**
   * The driver's part in waking its device and putting it to sleep. Kernel: {@code struct
   * dev_pm_ops}, whose callbacks may be absent too.
   */
  public interface Callbacks {
    /** Returns callbacks that do nothing: only the power domain is switched. */
    static Callbacks none() {
      return new Callbacks() {};
    }

    /** Returns callbacks that turn these clocks on in order, and off in reverse. */
    static Callbacks clocks(ImmutableList<Supply> clocks) {
      return new Callbacks() {
        @Override
        public void resume() {
          clocks.forEach(Supply::enable);
        }

        @Override
        public void suspend() {
          clocks.reverse().forEach(Supply::disable);
        }
      };
    }

    /**
     * Turns on what the device needs; its power domain is on already.
     *
     * @throws ErrnoException any errno; the device stays asleep then
     */
    default void resume() throws ErrnoException {}

    /**
     * Undoes {@link #resume}; the power domain goes off after it.
     *
     * @throws ErrnoException any errno; the device stays awake then
     */
    default void suspend() throws ErrnoException {}
  }

  private final Scheduler scheduler;
  private final String deviceName;
  private final WaitQueue changed;
  private final List<RuntimePm> suppliers = new ArrayList<>();
  private final List<RuntimePm> held = new ArrayList<>();
  private @Nullable Callbacks callbacks;
  private @Nullable Supply domain;
  private boolean domainOn;
  private boolean active;
  private boolean changing;
  private int users;
  private @Nullable Autosuspend autosuspend;

  /** Makes the state of a device whose driver does not take part yet. */
  public RuntimePm(Scheduler scheduler, String deviceName) {
    this.scheduler = scheduler;
    this.deviceName = deviceName;
    this.changed = new WaitQueue(scheduler, "the power of " + deviceName);
  }

  /** Powers the device for its probe. Kernel: {@code dev_pm_domain_attach()}. */
  public void attachDomain(Supply powerDomain) {
    checkState(domain == null, "%s has a power domain already", deviceName);
    domain = powerDomain;
    turnDomain(true);
  }

  /** After a probe: a device that nobody uses goes to sleep. Kernel: {@code pm_request_idle()}. */
  public void settle() throws ErrnoException {
    if (callbacks == null || users > 0) {
      return;
    }
    if (active) {
      idle();
    } else {
      turnDomain(false);
    }
  }

  /** Takes the driver's part away. Kernel: {@code pm_runtime_reinit()} and the domain's detach. */
  public void reset() {
    if (autosuspend != null) {
      autosuspend.stop();
      autosuspend = null;
    }
    callbacks = null;
    active = false;
    users = 0;
    releaseSuppliers();
    turnDomain(false);
    domain = null;
  }

  /**
   * The driver takes part from now on. Kernel: {@code pm_runtime_enable()}, and before it {@code
   * pm_runtime_set_active()} if {@code awake}.
   */
  public void enable(Callbacks driver, boolean awake) {
    callbacks = driver;
    active = awake;
  }

  /**
   * Has the device sleep only after {@code delayNs} without a user. Kernel: {@code
   * pm_runtime_set_autosuspend_delay()} and {@code pm_runtime_use_autosuspend()}.
   */
  public void useAutosuspend(long delayNs) {
    if (autosuspend == null) {
      autosuspend = new Autosuspend(delayNs);
    }
  }

  /**
   * Sends the device to sleep now, whatever the delay and whoever uses it: its driver goes. Kernel:
   * {@code pm_runtime_force_suspend()}.
   *
   * @throws ErrnoException what the driver's suspend throws
   */
  public void forceSuspend() throws ErrnoException {
    awaitChange();
    if (active) {
      suspend();
    }
  }

  /** Returns whether the driver takes part. Kernel: {@code pm_runtime_enabled()}. */
  public boolean isEnabled() {
    return callbacks != null;
  }

  /**
   * Has {@code supplier} awake whenever this is. Kernel: a link with {@code DL_FLAG_PM_RUNTIME}.
   */
  public void dependOn(RuntimePm supplier) {
    if (!suppliers.contains(supplier)) {
      suppliers.add(supplier);
    }
  }

  /**
   * Wakes the device and keeps it awake. Kernel: {@code pm_runtime_resume_and_get()}.
   *
   * @throws ErrnoException EACCES if the driver does not take part; what the driver's resume throws
   */
  public void get() throws ErrnoException {
    if (callbacks == null) {
      throw EACCES.because("runtime PM of %s is disabled", deviceName);
    }
    users++;
    try {
      resume();
    } catch (ErrnoException e) {
      users--;
      throw e;
    }
  }

  /** Keeps the device awake if it is. Kernel: {@code pm_runtime_get_if_active()}. */
  public boolean getIfActive() {
    boolean awake = active && !changing;
    if (awake) {
      users++;
    }
    return awake;
  }

  /** Returns whether the device is awake. Kernel: {@code pm_runtime_active()}. */
  public boolean isActive() {
    return active;
  }

  /** Ends a {@link #get}; the last one sends the device to sleep, or has the delay begin. */
  public void put() throws ErrnoException {
    checkState(users > 0, "%s is not in use", deviceName);
    if (--users == 0 && active) {
      idle();
    }
  }

  /** Sends the device to sleep, at once or after the delay. Kernel: {@code rpm_idle()}. */
  private void idle() throws ErrnoException {
    if (autosuspend == null) {
      suspend();
    } else {
      autosuspend.begin();
    }
  }

  /**
   * The delay before a device that nobody uses goes to sleep. A timer that is set stays set, and
   * looks when it goes off whether the device was used since: so a device that is used often has
   * its timer set seldom.
   */
  private final class Autosuspend {
    private final long delayNs;
    private final Timer timer;
    private final Work work;
    private long lastBusyNs;

    Autosuspend(long delayNs) {
      this.delayNs = delayNs;
      this.timer = new Timer(scheduler, this::expired);
      this.work = new Workqueue(scheduler, "pm " + deviceName).work(this::sleepIfIdle);
    }

    void begin() {
      lastBusyNs = scheduler.nowNs();
      if (!timer.isPending()) {
        timer.modify(lastBusyNs + delayNs);
      }
    }

    private void expired() {
      if (users > 0 || !active) {
        return; // who ends its use has the delay begin anew
      }
      long dueNs = lastBusyNs + delayNs;
      if (scheduler.nowNs() < dueNs) {
        timer.modify(dueNs);
      } else {
        work.queue();
      }
    }

    private void sleepIfIdle() {
      if (users > 0 || !active || changing) {
        return;
      }
      try {
        suspend();
      } catch (ErrnoException e) {
        // It stays awake until its next use ends: rpm_suspend() tells nobody either.
      }
    }

    void stop() {
      timer.cancel();
      work.cancelSync();
    }
  }

  private void resume() throws ErrnoException {
    awaitChange();
    if (active) {
      return;
    }
    changing = true;
    try {
      for (RuntimePm supplier : suppliers) {
        supplier.get();
        held.add(supplier);
      }
      turnDomain(true);
      if (callbacks != null) {
        callbacks.resume();
      }
      active = true;
    } finally {
      if (!active) {
        turnDomain(false);
        releaseSuppliers();
      }
      endChange();
    }
  }

  private void suspend() throws ErrnoException {
    changing = true;
    try {
      if (callbacks != null) {
        callbacks.suspend();
      }
      active = false;
      turnDomain(false);
      releaseSuppliers();
    } finally {
      endChange();
    }
  }

  private void awaitChange() {
    while (changing) {
      var _ = changed.await(() -> !changing, WaitQueue.FOREVER);
    }
  }

  private void endChange() {
    changing = false;
    changed.wakeAll();
  }

  private void releaseSuppliers() {
    while (!held.isEmpty()) {
      try {
        held.removeLast().put();
      } catch (ErrnoException e) {
        // It stays awake: that costs power, and is not this device's failure.
      }
    }
  }

  private void turnDomain(boolean on) {
    if (domain == null || domainOn == on) {
      return;
    }
    domainOn = on;
    if (on) {
      domain.enable();
    } else {
      domain.disable();
    }
  }
}
