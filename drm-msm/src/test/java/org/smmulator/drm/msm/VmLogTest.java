package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.drm.msm.BindClient.map;
import static org.smmulator.drm.msm.BindClient.unmap;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.regs.adreno.Pm4;

/**
 * A crash leaves the last changes of an address space that its client manages. Kernel: {@code
 * crashstate_get_vm_logs()}.
 */
class VmLogTest {
  private static final int PAGE = 4096;
  private static final long HERE = 0x1_4000_0000L;
  private static final String DUMP = "/sys/class/devcoredump/devcd1/data";
  private static final int[] UNKNOWN_PACKET = {Pm4.packet(0x7f, 0)};

  private GpuMachine machine;
  private GpuClient root;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
    root = machine.admin("root");
  }

  @AfterEach
  void close() {
    machine.close();
  }

  private void setShift(int shift) throws Exception {
    root.writeFile("/sys/module/msm/parameters/vm_log_shift", Integer.toString(shift));
  }

  /** Maps and unmaps, one change a job, then hangs the GPU by commands at {@code COMMANDS}. */
  private void crashAfter(int changes) throws Exception {
    GpuClient client = machine.client("binder");
    BindClient binder = new BindClient(client);
    int buffer = client.gemNew(PAGE);
    for (int i = 0; i < changes; i++) {
      binder.bind(i % 2 == 0 ? map(buffer, 0, HERE, PAGE) : unmap(HERE, PAGE));
    }
    crash(binder);
  }

  private static void crash(BindClient binder) {
    binder.commands(UNKNOWN_PACKET);
    assertThat(binder.client.waitFence(binder.submit(1))).isNull();
  }

  private List<String> logged() {
    return machine.log().stream()
        .dropWhile(line -> !line.equals("vm-log:"))
        .skip(1)
        .takeWhile(line -> line.startsWith("  - "))
        .toList();
  }

  /** As in Linux the newest change, here the map of the commands, is missing. */
  @Test
  void theLogAndTheDumpTellTheLastChanges() throws Exception {
    setShift(4);
    crashAfter(3);

    assertThat(logged())
        .containsExactly(
            "  - map:1: 0x0000000140000000-0x0000000140001000",
            "  - unmap:1: 0x0000000140000000-0x0000000140001000",
            "  - map:1: 0x0000000140000000-0x0000000140001000")
        .inOrder();
    assertThat(root.readFile(DUMP))
        .contains(
            """
            vm-log:
              - map:1: 0x0000000140000000-0x0000000140001000
              - unmap:1: 0x0000000140000000-0x0000000140001000
              - map:1: 0x0000000140000000-0x0000000140001000
            rbbm-status:\
            """);
  }

  @Test
  void aFullLogForgetsTheOldest() throws Exception {
    setShift(2);
    crashAfter(6);

    assertThat(logged()).hasSize(4);
    assertThat(logged().getFirst()).startsWith("  - unmap:1:");
    assertThat(logged().getLast()).startsWith("  - map:1: 0x%016x-".formatted(BindClient.COMMANDS));
  }

  @Test
  void withoutTheParameterNothingIsLogged() throws Exception {
    crashAfter(3);

    assertThat(machine.log()).doesNotContain("vm-log:");
    assertThat(root.readFile(DUMP)).doesNotContain("vm-log:");
  }

  /** A log is made with its address space, and no longer than 256 entries. */
  @Test
  void aLogIsAsLongAsRootSaidWhenTheFileWasFirstUsed() throws Exception {
    setShift(31);
    GpuClient client = machine.client("binder");
    BindClient binder = new BindClient(client);
    setShift(0);
    int buffer = client.gemNew(PAGE);
    for (int i = 0; i < 150; i++) {
      binder.bind(map(buffer, 0, HERE, PAGE));
      binder.bind(unmap(HERE, PAGE));
    }
    crash(binder);

    assertThat(logged()).hasSize(256);
  }
}
