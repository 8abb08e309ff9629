package org.smmulator.kernel.devcoredump;

import static org.smmulator.kernel.errno.Errno.EINVAL;

import com.google.common.collect.ImmutableList;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.TreeMap;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Timer;
import org.smmulator.kernel.task.Work;
import org.smmulator.kernel.task.Workqueue;

/**
 * The dumps of devices that crashed, one a device at most: {@code
 * /sys/class/devcoredump/devcdN/data}. Kernel: {@code drivers/base/devcoredump.c}.
 *
 * <p>A dump goes when somebody writes to it, or after five minutes. While it is there, further
 * crashes of its device leave none.
 */
@Singleton
public final class DevCoredumps {
  /** A dump. Kernel: the {@code read} and {@code free} of {@code dev_coredumpm()}. */
  public interface Dump {
    /** The text; asked for whenever somebody reads from the start. */
    String text();

    /** Gives back what the text is made from; called once, by a worker that may block. */
    void free();
  }

  /** {@code DEVCD_TIMEOUT}. */
  private static final long TIMEOUT_NS = 300_000_000_000L;

  private static final String CLASS = "/sys/class/devcoredump/";
  private static final String DEVICES = "/sys/devices/virtual/devcoredump/";

  private final Scheduler scheduler;
  private final NodeTree nodes;
  private final Workqueue worker;
  private final TreeMap<String, Entry> byDevice = new TreeMap<>();
  private int count;
  private boolean disabled;

  /** Makes the class, with no dump in it. */
  @Inject
  public DevCoredumps(Scheduler scheduler, NodeTree nodes) {
    this.scheduler = scheduler;
    this.nodes = nodes;
    this.worker = new Workqueue(scheduler, "kworker/devcd");
    nodes.add(
        CLASS + "disabled",
        new Node.TextFile(0644, () -> disabled ? "1\n" : "0\n", this::writeDisabled));
  }

  /**
   * Publishes a dump of the device called {@code failing}, unless there is one already or dumps are
   * disabled: then {@code dump} is freed at once. Kernel: {@code dev_coredumpm()}.
   */
  public void add(String failing, Dump dump) {
    if (disabled || byDevice.containsKey(failing)) {
      dump.free();
      return;
    }
    Entry made = new Entry(failing, "devcd" + ++count, dump);
    byDevice.put(failing, made);
    made.publish();
  }

  /** Can be turned on only, by which every dump goes. Kernel: {@code disabled_store()}. */
  private void writeDisabled(String text) throws ErrnoException {
    if (!text.strip().equals("1")) {
      throw EINVAL.because("disabled takes 1 and nothing else");
    }
    disabled = true;
    ImmutableList.copyOf(byDevice.values()).forEach(Entry::delete);
  }

  /** Kernel: {@code struct devcd_entry}. */
  private final class Entry {
    private final String failing;
    private final String name;
    private final Dump dump;
    private final Work deleteWork = worker.work(this::delete);
    private final Timer timer = new Timer(scheduler, deleteWork::queue);

    Entry(String failing, String name, Dump dump) {
      this.failing = failing;
      this.name = name;
      this.dump = dump;
    }

    void publish() {
      String directory = DEVICES + name;
      nodes.add(
          directory + "/data", new Node.TextFile(0600, dump::text, text -> deleteUnlessUnderWay()));
      nodes.add(
          directory + "/failing_device", new Node.Symlink("/sys/bus/platform/devices/" + failing));
      nodes.add(CLASS + name, new Node.Symlink("../../devices/virtual/devcoredump/" + name));
      timer.modify(scheduler.nowNs() + TIMEOUT_NS);
    }

    /** Kernel: {@code devcd_data_write()}. */
    private void deleteUnlessUnderWay() {
      if (timer.isPending()) {
        timer.cancel();
        deleteWork.queue();
      }
    }

    /** Kernel: {@code devcd_del()}. */
    void delete() {
      if (byDevice.remove(failing, this)) {
        timer.cancel();
        nodes.remove(CLASS + name);
        nodes.remove(DEVICES + name);
        dump.free();
      }
    }
  }
}
