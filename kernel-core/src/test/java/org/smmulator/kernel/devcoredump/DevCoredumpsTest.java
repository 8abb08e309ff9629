package org.smmulator.kernel.devcoredump;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fs.Node;
import org.smmulator.kernel.fs.NodeTree;
import org.smmulator.kernel.task.Schedule;
import org.smmulator.kernel.task.Scheduler;
import org.smmulator.kernel.task.Task;

/** Dumps of crashed devices. Kernel: {@code drivers/base/devcoredump.c}. */
class DevCoredumpsTest {
  private static final String DATA = "/sys/class/devcoredump/devcd1/data";
  private static final long FIVE_MINUTES_NS = 300_000_000_000L;

  private final Scheduler scheduler = new Scheduler(Schedule.firstCome(), 1);
  private final NodeTree nodes = new NodeTree();
  private final DevCoredumps dumps = new DevCoredumps(scheduler, nodes);
  private final Task root = new Task(1, "root", true);
  private final List<String> freed = new ArrayList<>();

  @AfterEach
  void close() {
    scheduler.close();
  }

  private DevCoredumps.Dump dump(String text) {
    return new DevCoredumps.Dump() {
      @Override
      public String text() {
        return text;
      }

      @Override
      public void free() {
        freed.add(text);
      }
    };
  }

  private Node.TextFile file(String path) throws ErrnoException {
    return (Node.TextFile) nodes.stat(path, root);
  }

  private void write(String path, String text) throws ErrnoException {
    Node.TextFile file = file(path);
    if (file.writer() != null) {
      file.writer().write(text);
    }
    var _ = scheduler.run(() -> scheduler.nowNs() > 1_000_000);
  }

  private List<String> names() throws ErrnoException {
    return nodes.readdir("/sys/class/devcoredump", root);
  }

  @Test
  void aDumpIsReadableByRootUntilSomebodyWritesToIt() throws Exception {
    dumps.add("5000000.gpu", dump("crash"));

    assertThat(file(DATA).content().get()).isEqualTo("crash");
    assertThat(file(DATA).mode()).isEqualTo(0600);

    write(DATA, "1");

    assertThat(names()).containsExactly("disabled");
    assertThat(freed).containsExactly("crash");
  }

  @Test
  void aDumpNobodyFetchesGoesAfterFiveMinutes() throws Exception {
    dumps.add("5000000.gpu", dump("crash"));

    var _ = scheduler.run(() -> scheduler.nowNs() >= FIVE_MINUTES_NS - 1_000);
    assertThat(names()).contains("devcd1");
    var _ = scheduler.run(() -> false);

    assertThat(names()).containsExactly("disabled");
    assertThat(freed).containsExactly("crash");
    assertThat(nodes.readdir("/sys/devices/virtual/devcoredump", root)).isEmpty();
  }

  @Test
  void aDeviceHasOneDumpAtATimeAndNumbersGoOn() throws Exception {
    dumps.add("5000000.gpu", dump("first"));
    dumps.add("5000000.gpu", dump("second"));
    dumps.add("900000.mdss", dump("other"));

    assertThat(freed).containsExactly("second");
    assertThat(names()).containsExactly("devcd1", "devcd2", "disabled");

    write(DATA, "");
    dumps.add("5000000.gpu", dump("third"));

    assertThat(names()).containsExactly("devcd2", "devcd3", "disabled");
  }

  @Test
  void disablingIsForGoodAndEndsWhatThereIs() throws Exception {
    dumps.add("5000000.gpu", dump("first"));
    String disabled = "/sys/class/devcoredump/disabled";

    assertThat(file(disabled).content().get()).isEqualTo("0\n");
    ErrnoException e = assertThrows(ErrnoException.class, () -> write(disabled, "0\n"));
    assertThat(e.errno()).isEqualTo(Errno.EINVAL);
    write(disabled, "1\n");
    dumps.add("5000000.gpu", dump("second"));

    assertThat(file(disabled).content().get()).isEqualTo("1\n");
    assertThat(names()).containsExactly("disabled");
    assertThat(freed).containsExactly("first", "second").inOrder();
  }
}
