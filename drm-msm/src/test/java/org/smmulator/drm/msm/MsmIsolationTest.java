package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.DrmFile;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.trace.Dmesg;
import org.smmulator.uapi.CStruct;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;

/** The driver's own buffers are out of a client's reach, and a hang is blamed on its maker. */
class MsmIsolationTest {
  private static final int[] NOP = {0x70108000};

  private GpuMachine machine;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  // ---- the driver's buffers in everybody's upper half

  /** {@code msm_ringbuffer_new()}: MSM_BO_GPU_READONLY. */
  @Test
  void theRingCannotBeWrittenByTheGpu() throws Exception {
    GpuClient evil = machine.client("evil");
    MsmRingbuffer ring = machine.gpu().ring(0);
    long behind = MsmRingbuffer.SIZE_BYTES - 16; // no submit comes that far here

    int fence = evil.submit(GpuClient.memWrite(ring.iova() + behind, 0x666));

    assertThat(evil.waitFence(fence)).isNull();
    assertThat(machine.dram.getInt(ring.pa() + behind)).isEqualTo(0);
    assertThat(permissionFaults("WRITE")).isEqualTo(1);
  }

  /** {@code a6xx_ucode_load()}: the shadow is MSM_BO_MAP_PRIV, and WHERE_AM_I reaches it. */
  @Test
  void onlyTheRingsPacketsReachTheShadowOfTheReadPointer() throws Exception {
    GpuClient evil = machine.client("evil");
    int page = evil.gemNew(4096);
    long shadow = machine.gpu().ring(0).iova() + MsmRingbuffer.SIZE_BYTES;

    for (int[] attack :
        List.of(
            GpuClient.memWrite(shadow, 0),
            new int[] {Pm4.packet(Pm4Opcode.WHERE_AM_I, 2), (int) shadow, (int) (shadow >>> 32)})) {
      assertThat(evil.waitFence(evil.submit(attack, page))).isNull();
      machine.settle(); // two faults before the thread of the first are told as one
    }

    assertThat(permissionFaults("WRITE")).isEqualTo(2);
    for (int i = 0; i < 300; i++) { // the driver still sees the room that there is
      assertThat(evil.waitFence(evil.submit(NOP))).isNull();
    }
  }

  private long permissionFaults(String direction) {
    return machine.log().stream()
        .filter(line -> line.startsWith("*** gpu fault"))
        .filter(line -> line.contains("dir=" + direction + " type=PERMISSION"))
        .count();
  }

  /** {@code adreno_hw_init()} cleans up an impossible fence. */
  @Test
  void aForgedFenceIsCorrectedWhenTheGpuStartsAnew() throws Exception {
    MsmRingbuffer ring = machine.gpu().ring(0);
    ring.fences().overwrite(ring.fences().lastFence() + 0x1000);

    GpuClient client = machine.client("client");
    int page = client.gemNew(4096);
    long iova = client.info(page, GemInfo.GET_IOVA);
    assertThat(client.waitFence(client.submit(NOP))).isNull(); // starts the GPU
    assertThat(client.waitFence(client.submit(GpuClient.memWrite(iova, 7), page))).isNull();

    assertThat(client.load(page, 0)).isEqualTo(7);
  }

  // ---- room in the ring

  @Test
  void aSubmitThatTheRingDoesNotHoldIsRefused() throws Exception {
    GpuClient client = machine.client("client");
    int most = machine.gpu().maxCommands();

    assertThat(submitCommands(client, most + 1)).isEqualTo(Errno.EINVAL);
    assertThat(submitCommands(client, most)).isNull();

    assertThat(client.waitFence(1)).isNull();
    assertThat(machine.log().toString()).doesNotContain("timeout");
  }

  private static @Nullable Errno submitCommands(GpuClient client, int count) {
    client.bos(client.commands(NOP));
    GemSubmitCmd nop = new GemSubmitCmd(GemSubmitCmd.BUF, 0, 0, 4, 0, 0, 0);
    return client.submitMany(nop, count);
  }

  /** Linux goes on after the timeout and overwrites what the GPU has not read yet. */
  @Test
  void aRingThatAHangKeepsFullIsNotOverwritten() throws Exception {
    GpuClient evil = machine.client("evil");
    int flag = evil.gemNew(4096);
    long iova = evil.info(flag, GemInfo.GET_IOVA);
    int waits =
        evil.submit(
            new int[] {
              Pm4.packet(Pm4Opcode.WAIT_REG_MEM, 6),
              0x3 | 1 << 4,
              (int) iova,
              (int) (iova >>> 32),
              1,
              -1,
              0
            },
            flag);
    for (int i = 0; i < 7; i++) {
      assertThat(submitCommands(evil, 1500)).isNull();
    }
    GpuClient victim = machine.client("victim");
    int page = victim.gemNew(4096);
    long at = victim.info(page, GemInfo.GET_IOVA);

    int fence = victim.submit(GpuClient.memWrite(at, 7), page);

    assertThat(victim.waitFence(fence)).isNull();
    assertThat(victim.load(page, 0)).isEqualTo(7);
    assertThat(evil.waitFence(waits)).isNull();
    assertThat(machine.log())
        .contains(
            "adreno 5000000.gpu: [drm:adreno_wait_ring] *ERROR* timeout waiting for space in"
                + " ringbuffer 0");
    assertThat(machine.log().stream().filter(line -> line.contains("offending task")).toList())
        .containsExactly(
            "adreno 5000000.gpu: [drm:recover_worker] *ERROR* 6.3.0.2: offending task: evil"
                + " (evil)");
  }

  // ---- blame

  /** {@code round_jiffies_up()} in {@code hangcheck_timer_reset()}. */
  @Test
  void aHangIsNoticedAtAWholeSecond() throws Exception {
    GpuClient bad = machine.client("bad");

    assertThat(bad.waitFence(bad.submit(GpuClient.hang()))).isNull();

    Dmesg.Line noticed =
        machine.dmesg.lines().stream()
            .filter(line -> line.text().contains("hangcheck detected"))
            .findFirst()
            .orElseThrow();
    assertThat(noticed.timeNs() % 1_000_000_000).isEqualTo(0);
  }

  /** {@code recover_worker()}: the submit may have retired on the worker's way to it. */
  @Test
  void aRecoveryThatFindsNoGuiltySubmitLeavesTheGpuAlone() throws Exception {
    GpuClient client = machine.client("client");
    assertThat(client.waitFence(client.submit(NOP))).isNull();

    machine.scheduler.after(0, () -> machine.gpu().recover());
    machine.settle();

    assertThat(machine.log().toString()).contains("hangcheck recover!");
    assertThat(machine.log().toString()).doesNotContain("CP_SCRATCH_REG2"); // of a6xx_recover()
  }

  /** {@code submit->pid} is that of {@code current}, whoever opened the file. */
  @Test
  void whoSubmitsIsBlamedNotWhoOpened() throws Exception {
    machine.tracer.enable(MsmTrace.Submit.class);
    GpuClient parent = machine.client("parent");
    int[] child = new int[1];
    parent.fork(own -> {
      child[0] = own.process.pid();
      own.process.task().setComm("renamed");
      assertThat(own.waitFence(own.submit(GpuClient.hang()))).isNull();
    });
    machine.settle();

    assertThat(submitters()).containsExactly(child[0]);
    assertThat(offender()).isEqualTo("renamed (parent)");
    assertThat(param(parent, MsmParam.FAULTS)).isEqualTo(1);
    assertThat(machine.gpu().globalFaults()).isEqualTo(0);
  }

  private List<Integer> submitters() {
    return machine.tracer.events().stream()
        .filter(MsmTrace.Submit.class::isInstance)
        .map(event -> ((MsmTrace.Submit) event).pid())
        .toList();
  }

  private String offender() {
    String head = "offending task: ";
    return machine.log().stream()
        .filter(line -> line.contains(head))
        .map(line -> line.substring(line.indexOf(head) + head.length()))
        .findFirst()
        .orElseThrow();
  }

  private static long param(GpuClient client, int param) {
    MsmParam asked = new MsmParam(MsmParam.PIPE_3D0, param, 0, 0, 0);
    assertThat(client.error(MsmIoctl.GET_PARAM, MsmParam.LAYOUT, asked::write)).isNull();
    return client.answer(MsmParam::read).value();
  }

  /** {@code kstrdup_quotable_cmdline()}: the escapes are those of {@code kstrdup_quotable()}. */
  @Test
  void aCommandLineBreaksNoLineOfTheLog() throws Exception {
    GpuClient evil = machine.client("ev\"il\n[1.0] *** gpu fault\u001b[0m\\");
    int _ = evil.submit(GpuClient.hang());
    machine.settle();

    assertThat(offender()).endsWith("(ev\\x22il\\x0a[1.0] *** gpu fault\\x1b[0m\\x5c)");
  }

  /** {@code get_pid_task()} finds nobody, and {@code get_comm_cmdline()} neither. */
  @Test
  void whoIsDeadIsBlamedAsUnknown() throws Exception {
    GpuClient parent = machine.client("parent");
    parent.fork(own -> {
      int _ = own.submit(GpuClient.hang());
    });
    machine.settle();

    assertThat(offender()).isEqualTo("unknown");
    assertThat(machine.gpu().globalFaults()).isEqualTo(1);
  }

  /** MSM_PARAM_COMM and MSM_PARAM_CMDLINE are the context's, and outlive the task. */
  @Test
  void whoIsDeadHasTheNamesThatItGaveItself() throws Exception {
    GpuClient parent = machine.client("parent");
    parent.store(
        GpuClient.DATA,
        CStruct.struct("text", CStruct.U64),
        (memory, at) -> memory.set(CStruct.U64, at, 0x656d6167L)); // "game"
    for (int param : new int[] {MsmParam.COMM, MsmParam.CMDLINE}) {
      MsmParam told = new MsmParam(MsmParam.PIPE_3D0, param, parent.ptr(GpuClient.DATA), 4, 0);
      assertThat(parent.error(MsmIoctl.SET_PARAM, MsmParam.LAYOUT, told::write)).isNull();
    }
    parent.fork(own -> {
      int _ = own.submit(GpuClient.hang());
    });
    machine.settle();

    assertThat(offender()).isEqualTo("game (game)");
  }

  // ---- failures and limits

  /** {@code msm_iommu_pagetable_map()} has one errno, whatever stopped it. */
  @Test
  void aPagetableThatCannotMapIsEinval() throws Exception {
    try (GpuMachine poor = new GpuMachine((device, task) -> new SmallPagetable(0), 0)) {
      GpuClient client = poor.client("client");
      client.bos(client.commands(NOP));
      client.cmd(4);

      assertThat(client.trySubmit(client.submitArgs(0, 1, 1))).isEqualTo(Errno.EINVAL);
    }
  }

  /** {@code msm_iommu_pagetable_map()} takes back what it mapped before it failed. */
  @Test
  void ofABufferThatCannotBeMappedAsAWholeNothingIsMapped() throws Exception {
    SmallPagetable table = new SmallPagetable(3);
    try (GpuMachine poor = new GpuMachine((device, task) -> table, 0)) {
      GpuClient client = poor.client("client");
      int commands = client.commands(NOP);
      client.bos(commands, client.gemNew(8 * 4096)); // eight pages that lie apart
      client.cmd(4);

      assertThat(client.trySubmit(client.submitArgs(0, 2, 1))).isEqualTo(Errno.EINVAL);

      assertThat(table.mapped.keySet()).containsExactly(client.info(commands, GemInfo.GET_IOVA));
    }
  }

  @Test
  void aFileHasALimitedNumberOfQueues() throws Exception {
    GpuClient client = machine.client("client");
    MsmContext context =
        MsmContext.of((DrmFile) client.process.files().file(client.fd).operations());
    for (int i = 1; i < MsmContext.MAX_QUEUES; i++) {
      MsmSubmitQueue _ = context.newQueue(0, 0);
    }

    var e = assertThrows(ErrnoException.class, () -> context.newQueue(0, 0));
    assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
  }

  @Test
  void tracingChangesNoTimes() throws Exception {
    List<Long> ends = new ArrayList<>();
    for (boolean traced : new boolean[] {false, true}) {
      try (GpuMachine other = new GpuMachine()) {
        if (traced) {
          other.tracer.enableAll();
        }
        GpuClient client = other.client("client");
        assertThat(client.waitFence(client.submit(NOP))).isNull();
        other.settle();
        ends.add(other.scheduler.nowNs());
      }
    }
    assertThat(ends.get(1)).isEqualTo(ends.get(0));
  }
}
