package org.smmulator.kernel.devfreq;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.base.Joiner;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.KernelServices;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.fs.PlainDirectory;
import org.smmulator.kernel.fs.TextWriter;
import org.smmulator.kernel.lock.Mutex;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;
import org.smmulator.trace.Tracepoint;

/**
 * A device whose rate follows its load: {@code /sys/class/devfreq/DEVICE}. Kernel: {@code struct
 * devfreq}, {@code drivers/devfreq/devfreq.c}.
 *
 * <p>While the device is awake it is looked at every {@link #pollingMs} milliseconds; the governor
 * says which rate its load needs.
 */
public final class Devfreq {
  private static final String CLASS = "/sys/class/devfreq";
  private static final String KIND = "devfreq";
  private static final long NS_PER_MS = 1_000_000;

  private final String name;
  private final DevfreqProfile profile;
  private final OppTable points;
  private SimpleOndemand governor;
  private final Scheduler scheduler;
  private final NodeTree nodes;
  private final PlatformDevice device;
  private final PlainDirectory directory = new PlainDirectory(0755);
  private final Mutex lock;
  private final Timer timer;
  private final Work monitor;
  private final Tracepoint<DevfreqTrace.Monitor> monitorTrace;
  private final Tracepoint<DevfreqTrace.Frequency> frequencyTrace;
  private final int[][] transitions;
  private final long[] nsInState;
  private int totalTransitions;
  private long previousHz;
  private long stateSinceNs;
  private long userMinHz;
  private long userMaxHz = Long.MAX_VALUE;
  private long driverMinHz;
  private int pollingMs;
  private boolean suspended = true;
  private DevfreqProfile.Status last = DevfreqProfile.Status.NONE;

  /**
   * Adds the device, which sleeps. Kernel: {@code devfreq_add_device()}, {@code
   * devfreq_suspend_device()}.
   *
   * @param points the rates that it can have; not empty
   */
  public Devfreq(
      KernelServices kernel,
      PlatformDevice device,
      DevfreqProfile profile,
      OppTable points,
      SimpleOndemand governor,
      int pollingMs) {
    this.name = device.name();
    this.profile = profile;
    this.points = points;
    this.governor = governor;
    this.pollingMs = pollingMs;
    this.scheduler = kernel.scheduler();
    this.nodes = kernel.nodes();
    this.device = device;
    this.lock = kernel.lockdep().mutex("devfreq->lock");
    Workqueue worker = new Workqueue(scheduler, "devfreq_wq");
    this.monitor = worker.work(this::look);
    this.timer = new Timer(scheduler, monitor::queue);
    this.monitorTrace = kernel.tracer().tracepoint(DevfreqTrace.Monitor.class);
    this.frequencyTrace = kernel.tracer().tracepoint(DevfreqTrace.Frequency.class);
    this.transitions = new int[points.hz().size()][points.hz().size()];
    this.nsInState = new long[points.hz().size()];
    this.previousHz = profile.currentHz();
    this.stateSinceNs = scheduler.nowNs();
    addNodes();
  }

  /** The thresholds of the governor. */
  public SimpleOndemand governor() {
    return governor;
  }

  /** Has the governor decide by other thresholds from its next look on. */
  public void tune(SimpleOndemand thresholds) {
    governor = thresholds;
  }

  /** Removes the device. Kernel: {@code devfreq_remove_device()}. */
  public void remove() {
    timer.cancel();
    monitor.cancelSync();
    nodes.remove(CLASS + "/" + name);
    boolean _ = device.nodes().remove(KIND);
  }

  /** The device has woken: it is looked at from now on. Kernel: {@code devfreq_resume_device()}. */
  public void resume() {
    accountState();
    suspended = false;
    lookLater();
  }

  /** An interval of 0 stops the looking. */
  private void lookLater() {
    if (pollingMs > 0 && !suspended) {
      timer.modify(scheduler.nowNs() + pollingMs * NS_PER_MS);
    }
  }

  /** The device is about to sleep. Kernel: {@code devfreq_suspend_device()}. */
  public void suspend() {
    timer.cancel();
    accountState();
    suspended = true;
  }

  /** Holds whoever changes rates off: what the driver's own changes are made under. */
  public Mutex lock() {
    return lock;
  }

  /**
   * Has the device run at {@code hz} at least; 0 for no wish. Kernel: {@code
   * dev_pm_qos_update_request()} of {@code DEV_PM_QOS_MIN_FREQUENCY}.
   */
  public void setMinimum(long hz) {
    if (hz != driverMinHz) {
      driverMinHz = hz;
      update();
    }
  }

  /** Kernel: {@code devfreq_monitor()}. */
  private void look() {
    if (suspended) {
      return;
    }
    update();
    lookLater();
    if (monitorTrace.on) {
      monitorTrace.emit(new DevfreqTrace.Monitor(name, previousHz, pollingMs, last.load()));
    }
  }

  /** Kernel: {@code update_devfreq()}, {@code devfreq_update_target()}. */
  private void update() {
    try (var _ = lock.lock()) {
      last = profile.status();
      if (!governor.decides()) {
        return; // the rate stays
      }
      long wanted = governor.target(last);
      setTarget(wanted <= maxHz() ? points.atLeast(Math.max(wanted, minHz())) : maxHz());
    }
  }

  /** Kernel: {@code devfreq_set_target()}. */
  private void setTarget(long hz) {
    long currentHz = profile.currentHz();
    profile.setHz(hz);
    if (frequencyTrace.on && hz != currentHz) {
      frequencyTrace.emit(new DevfreqTrace.Frequency(name, hz, currentHz, last.load()));
    }
    accountState();
    int from = points.hz().indexOf(previousHz);
    int to = points.hz().indexOf(hz);
    if (from >= 0 && to >= 0 && from != to) {
      transitions[from][to]++;
      totalTransitions++;
    }
    previousHz = hz;
  }

  /** Kernel: {@code devfreq_update_status()}. */
  private void accountState() {
    long now = scheduler.nowNs();
    int state = points.hz().indexOf(previousHz);
    if (state >= 0 && !suspended) {
      nsInState[state] += now - stateSinceNs;
    }
    stateSinceNs = now;
  }

  private long minHz() {
    return points.atLeast(Math.max(userMinHz, driverMinHz));
  }

  /** Also where that is below the least that somebody wants, as in the kernel. */
  private long maxHz() {
    return points.atMost(userMaxHz);
  }

  // ---- what sysfs shows

  private void addNodes() {
    text("name", 0444, () -> name + "\n", null);
    text("governor", 0644, () -> SimpleOndemand.NAME + "\n", Devfreq::checkGovernor);
    text("available_governors", 0444, () -> SimpleOndemand.NAME + "\n", null);
    text("cur_freq", 0444, () -> profile.currentHz() + "\n", null);
    text("target_freq", 0444, () -> previousHz + "\n", null);
    text("available_frequencies", 0444, () -> Joiner.on(' ').join(points.hz()) + "\n", null);
    text("min_freq", 0644, () -> minHz() + "\n", this::writeMinimum);
    text("max_freq", 0644, () -> maxHz() + "\n", this::writeMaximum);
    text("polling_interval", 0644, () -> pollingMs + "\n", this::writeInterval);
    text("timer", 0444, () -> "delayed\n", null);
    text("trans_stat", 0644, this::statistics, this::clearStatistics);
    String path = device.sysfsPath() + "/" + KIND + "/" + name;
    boolean _ = directory.add("device", Node.Symlink.relative(path, device.sysfsPath()));
    boolean _ = directory.add("subsystem", Node.Symlink.relative(path, CLASS));
    PlainDirectory kind = new PlainDirectory(0755);
    boolean _ = kind.add(name, directory);
    boolean _ = device.nodes().add(KIND, kind);
    nodes.add(CLASS + "/" + name, Node.Symlink.relative(CLASS, path));
  }

  private void text(String file, int mode, Supplier<String> content, @Nullable TextWriter writer) {
    boolean _ = directory.add(file, new Node.TextFile(mode, content, writer));
  }

  private static void checkGovernor(String text) throws ErrnoException {
    if (!text.strip().equals(SimpleOndemand.NAME)) {
      throw EINVAL.because("there is no governor %s", text.strip());
    }
  }

  private void writeMinimum(String text) throws ErrnoException {
    userMinHz = parse(text);
    update();
  }

  private void writeMaximum(String text) throws ErrnoException {
    long hz = parse(text);
    userMaxHz = hz == 0 ? Long.MAX_VALUE : hz; // as in the kernel, 0 takes the limit away
    update();
  }

  private void writeInterval(String text) throws ErrnoException {
    long ms = parse(text);
    if (ms > Integer.MAX_VALUE) {
      throw EINVAL.because("%d ms", ms);
    }
    pollingMs = (int) ms;
    timer.cancel();
    lookLater();
  }

  private static long parse(String text) throws ErrnoException {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw EINVAL.because("no number: %s", text.strip());
  }

  /** Kernel: {@code trans_stat_show()}. */
  private String statistics() {
    accountState();
    StringBuilder all = new StringBuilder("     From  :   To\n           :");
    points.hz().forEach(hz -> all.append(String.format(Locale.ROOT, "%10d", hz)));
    all.append("   time(ms)\n");
    for (int from = 0; from < transitions.length; from++) {
      long hz = points.hz().get(from);
      all.append(hz == previousHz ? '*' : ' ').append(String.format(Locale.ROOT, "%10d:", hz));
      for (int count : transitions[from]) {
        all.append(String.format(Locale.ROOT, "%10d", count));
      }
      all.append(String.format(Locale.ROOT, "%10d\n", nsInState[from] / NS_PER_MS));
    }
    return all.append("Total transition : ").append(totalTransitions).append('\n').toString();
  }

  /** Kernel: {@code trans_stat_store()}. */
  private void clearStatistics(String text) throws ErrnoException {
    if (parse(text) != 0) {
      throw EINVAL.because("only 0 clears the statistics");
    }
    for (int[] row : transitions) {
      Arrays.fill(row, 0);
    }
    Arrays.fill(nsInState, 0);
    totalTransitions = 0;
    stateSinceNs = scheduler.nowNs();
  }
}
