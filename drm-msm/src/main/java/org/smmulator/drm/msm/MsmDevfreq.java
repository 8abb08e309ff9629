package org.smmulator.drm.msm;

import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.devfreq.Devfreq;
import org.smmulator.kernel.devfreq.DevfreqProfile;
import org.smmulator.kernel.devfreq.OppTable;
import org.smmulator.kernel.devfreq.SimpleOndemand;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;

/**
 * Runs a GPU as fast as its load needs. Kernel: {@code msm_gpu_devfreq.c}.
 *
 * <p>A GPU whose device tree has no operating points keeps its rate, and has no devfreq.
 */
public final class MsmDevfreq {
  /** The GPU as its scaling sees it. Kernel: {@code gpu_busy()} and the like. */
  public interface Clocked {
    /** The rate that the GPU has, or wakes with, in hertz. */
    long clockHz();

    /**
     * Runs the GPU at {@code hz}, or only remembers it for a GPU that is {@code asleep}.
     *
     * @param hz one of the operating points
     */
    void setClockHz(long hz, boolean asleep);

    /** Counts while the GPU works, which must be awake. */
    long busyTicks();

    /** How often {@link #busyTicks} counts in a second. */
    long busyTicksHz();
  }

  private static final int POLLING_MS = 50;
  private static final int UP_THRESHOLD = 50;
  private static final int DOWN_DIFFERENTIAL = 10;
  private static final long NS_PER_MS = 1_000_000;
  private static final long NS_PER_US = 1_000;
  private static final long US_PER_SECOND = 1_000_000;
  private static final long IDLE_NS = NS_PER_MS;
  private static final int BOOST = 2;

  private final Scheduler scheduler;
  private final Clocked gpu;
  private boolean clampsToIdle;
  private final Mutex lock;
  private final OppTable points;
  private final Devfreq devfreq;
  private final Timer idleTimer;
  private final Timer boostTimer;
  private final Work idleWork;
  private final Work boostWork;
  private boolean asleep = true;
  private long busyTicks;
  private long lookedNs;
  private long idleSinceNs;

  /** The rate to have when there is work again; 0 while the GPU works. */
  private long idleHz;

  /**
   * Adds the GPU, which sleeps. Kernel: {@code msm_devfreq_init()}.
   *
   * @param clampsToIdle whether an idle GPU goes to its slowest rate
   */
  MsmDevfreq(
      MsmServices services,
      PlatformDevice device,
      Clocked gpu,
      OppTable points,
      boolean clampsToIdle) {
    var kernel = services.core().kernel();
    this.scheduler = kernel.scheduler();
    this.gpu = gpu;
    this.clampsToIdle = clampsToIdle;
    this.points = points;
    this.lock = kernel.lockdep().mutex("df->lock");
    this.devfreq =
        new Devfreq(
            kernel,
            device,
            new Profile(),
            points,
            new SimpleOndemand(UP_THRESHOLD, DOWN_DIFFERENTIAL),
            POLLING_MS);
    Workqueue worker = new Workqueue(scheduler, "gpu-devfreq");
    this.idleWork = worker.work(this::becomeIdle);
    this.boostWork = worker.work(() -> devfreq.setMinimum(0));
    this.idleTimer = new Timer(scheduler, idleWork::queue);
    this.boostTimer = new Timer(scheduler, boostWork::queue);
  }

  /** Makes the scaling of {@code gpu}; null if it has no operating points. */
  public static @Nullable MsmDevfreq of(
      MsmServices services, PlatformDevice device, Clocked gpu, boolean clampsToIdle) {
    OppTable points = OppTable.of(device.node());
    return points.isEmpty() ? null : new MsmDevfreq(services, device, gpu, points, clampsToIdle);
  }

  /** Removes the GPU. Kernel: {@code msm_devfreq_cleanup()}. */
  public void remove() {
    idleTimer.cancel();
    boostTimer.cancel();
    devfreq.remove();
  }

  // ---- what root sets in debugfs

  /** Returns whether an idle GPU goes to its slowest rate. */
  boolean clampsToIdle() {
    return clampsToIdle;
  }

  void setClampsToIdle(boolean clamps) {
    clampsToIdle = clamps;
  }

  int upThreshold() {
    return devfreq.governor().upThreshold();
  }

  /** Sets the load, in percent, above which the GPU goes as fast as it can. */
  void setUpThreshold(int percent) {
    devfreq.tune(new SimpleOndemand(percent, downDifferential()));
  }

  int downDifferential() {
    return devfreq.governor().downDifferential();
  }

  /** Sets how far below that the load is to be before the GPU goes slower. */
  void setDownDifferential(int percent) {
    devfreq.tune(new SimpleOndemand(upThreshold(), percent));
  }

  // ---- while it runs

  /** The GPU has woken. Kernel: {@code msm_devfreq_resume()}. */
  void resume() {
    try (var _ = lock.lock()) {
      busyTicks = gpu.busyTicks();
      lookedNs = scheduler.nowNs();
      asleep = false;
    }
    devfreq.resume();
  }

  /** The GPU is about to sleep. Kernel: {@code msm_devfreq_suspend()}. */
  void suspend() {
    try (var _ = lock.lock()) {
      asleep = true;
    }
    devfreq.suspend();
    idleTimer.cancel();
    boostTimer.cancel();
  }

  /** The first submit is there. Kernel: {@code msm_devfreq_active()}. */
  void active() {
    idleTimer.cancel();
    long idleNs;
    try (var _ = devfreq.lock().lock()) {
      long wanted = idleHz;
      idleNs = scheduler.nowNs() - idleSinceNs;
      idleHz = 0;
      if (wanted != 0) {
        setClock(wanted);
      }
    }
    if (idleNs > POLLING_MS * NS_PER_MS) {
      boost();
    }
  }

  /** The last submit is retired. Kernel: {@code msm_devfreq_idle()}. */
  void idle() {
    idleTimer.modify(scheduler.nowNs() + IDLE_NS);
  }

  /** Kernel: {@code msm_devfreq_boost()}. */
  private void boost() {
    devfreq.setMinimum(BOOST * currentHz());
    boostTimer.modify(scheduler.nowNs() + POLLING_MS * NS_PER_MS);
  }

  /** Kernel: {@code msm_devfreq_idle_work()}. */
  private void becomeIdle() {
    try (var _ = devfreq.lock().lock()) {
      long hz = currentHz();
      if (clampsToIdle) {
        setClock(points.lowestHz());
      }
      idleSinceNs = scheduler.nowNs();
      idleHz = hz;
    }
  }

  private long currentHz() {
    return idleHz != 0 ? idleHz : gpu.clockHz();
  }

  private void setClock(long hz) {
    try (var _ = lock.lock()) {
      gpu.setClockHz(hz, asleep);
    }
  }

  private final class Profile implements DevfreqProfile {
    @Override
    public long currentHz() {
      return MsmDevfreq.this.currentHz();
    }

    /** {@inheritDoc} An idle GPU only remembers it. Kernel: {@code msm_devfreq_target()}. */
    @Override
    public void setHz(long hz) {
      if (idleHz != 0) {
        idleHz = hz;
      } else {
        setClock(hz);
      }
    }

    /** {@inheritDoc} Kernel: {@code msm_devfreq_get_dev_status()}. */
    @Override
    public Status status() {
      try (var _ = lock.lock()) {
        long now = scheduler.nowNs();
        long totalUs = (now - lookedNs) / NS_PER_US;
        lookedNs = now;
        if (asleep) {
          return new Status(totalUs, 0, currentHz());
        }
        long ticks = gpu.busyTicks();
        long busy = ticks - busyTicks;
        busyTicks = ticks;
        return new Status(totalUs, busy * US_PER_SECOND / gpu.busyTicksHz(), currentHz());
      }
    }
  }
}
