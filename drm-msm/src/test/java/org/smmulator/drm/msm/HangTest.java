package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.Range;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.drm.msm.coredump.DevcoreFile;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.regs.adreno.Pm4Opcode;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.VmBindOp;

/** A GPU that hangs or faults: what the log says, and what is left to look at. */
class HangTest {
  private static final String DRI = "/sys/kernel/debug/dri/0/";
  private static final String DUMP = "/sys/class/devcoredump/devcd1/data";
  private static final int[] NOP = {0x70108000};
  private static final int[] UNKNOWN_PACKET = {Pm4.packet(0x7f, 0)};
  private static final long STRAY = 0x1_dead_0000L;

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

  private List<String> errors(String function) {
    return machine.log().stream().filter(line -> line.contains("[drm:" + function + "]")).toList();
  }

  private void waitFor(GpuClient client, int fence) {
    assertThat(client.waitFence(fence)).isNull();
  }

  private void pass(long ns) {
    long until = machine.scheduler.nowNs() + ns;
    machine.scheduler.after(ns, () -> {});
    assertThat(machine.scheduler.run(() -> machine.scheduler.nowNs() >= until)).isTrue();
  }

  private DevcoreFile dump() {
    return DevcoreFile.parse(root.readFile(DUMP));
  }

  // ---- hangs

  /** Kernel: {@code a6xx_fault_detect_irq()}, long before the timer. */
  @Test
  void aGpuThatStopsAtABadPacketSaysSoItself() throws Exception {
    GpuClient bad = machine.client("bad");

    long before = machine.scheduler.nowNs();
    waitFor(bad, bad.submit(UNKNOWN_PACKET));

    assertThat(machine.scheduler.nowNs() - before).isLessThan(10_000_000L);
    assertThat(errors("a6xx_irq")).hasSize(1);
    assertThat(errors("a6xx_irq").getFirst())
        .containsMatch(
            "gpu fault ring 0 fence ffffff\\w\\w status 00800000 rb \\w{4}/\\w{4}"
                + " ib1 \\w{16}/\\w{4} ib2 0000000000000000/0000");
    assertThat(errors("hangcheck_handler")).isEmpty();
    assertThat(errors("recover_worker"))
        .containsExactly(
            "adreno 5000000.gpu: [drm:recover_worker] *ERROR* 6.3.0.2: hangcheck recover!",
            "adreno 5000000.gpu: [drm:recover_worker] *ERROR* 6.3.0.2: offending task: bad (bad)");
  }

  /** A poll is no standstill: the timer finds it. Kernel: {@code hangcheck_handler()}. */
  @Test
  void aGpuThatPollsForEverIsFoundByTheTimer() throws Exception {
    GpuClient bad = machine.client("bad");
    int target = bad.gemNew(4096);
    long _ = bad.info(target, GemInfo.GET_IOVA);

    waitFor(bad, bad.submit(GpuClient.hang(), target));

    assertThat(errors("a6xx_irq")).isEmpty();
    assertThat(errors("hangcheck_handler"))
        .containsExactly(
            "adreno 5000000.gpu: [drm:hangcheck_handler] *ERROR* 6.3.0.2: hangcheck detected gpu"
                + " lockup rb 0!",
            "adreno 5000000.gpu: [drm:hangcheck_handler] *ERROR* 6.3.0.2:     completed fence:"
                + " 4294967040",
            "adreno 5000000.gpu: [drm:hangcheck_handler] *ERROR* 6.3.0.2:     submitted fence:"
                + " 4294967041");
  }

  /** Sixteen submits, every fifth bad, as IGT's {@code msm_recovery} has them. */
  @Test
  void onlyTheBadOnesOfManyAreSkippedAndTheOthersRunInOrder() throws Exception {
    GpuClient client = machine.client("client");
    int page = client.gemNew(4096);
    long iova = client.info(page, GemInfo.GET_IOVA);

    int[] fences =
        IntStream.range(0, 16)
            .map(i ->
                client.submit(
                    i % 5 == 2 ? UNKNOWN_PACKET : GpuClient.memWrite(iova + 4L * i, i + 1), page))
            .toArray();
    for (int fence : fences) {
      waitFor(client, fence);
    }

    for (int i = 0; i < 16; i++) {
      assertThat(client.load(page, 4L * i)).isEqualTo(i % 5 == 2 ? 0 : i + 1);
    }
    assertThat(client.faultsOfQueue(0)).isEqualTo(3);
    assertThat(root.faultsOfQueue(0)).isEqualTo(0);
    assertThat(errors("recover_worker")).hasSize(6);
  }

  /**
   * A job that passes a gate a second is believed for three periods; one that stands still for the
   * first, when nobody knows yet where it stood. Kernel: {@code made_progress()}.
   */
  @ParameterizedTest
  @CsvSource({"false, 3", "true, 5"})
  void whatGetsOnIsBelievedLonger(boolean opens, int seconds) throws Exception {
    GpuClient client = machine.client("client");
    int gates = client.gemNew(4096);
    long iova = client.info(gates, GemInfo.GET_IOVA);
    long va = client.mmap(gates);
    int _ =
        client.submit(
            IntStream.range(0, 20)
                .boxed()
                .flatMapToInt(i -> IntStream.of(waitFor(iova + 4L * i)))
                .toArray(),
            gates);

    pass(500_000_000);
    int passed = 0;
    while (errors("hangcheck_handler").isEmpty()) {
      if (opens) {
        machine.userAccess.store(client.process, va + 4L * passed, 4, 1);
      }
      pass(1_000_000_000);
      passed++;
    }

    assertThat(passed).isEqualTo(seconds);
  }

  /** Commands that wait until a word is 1. */
  private static int[] waitFor(long iova) {
    return new int[] {
      Pm4.packet(Pm4Opcode.WAIT_REG_MEM, 6), 3 | 1 << 4, (int) iova, (int) (iova >>> 32), 1, -1, 0
    };
  }

  @Test
  void anErrorInterruptThatRootDisabledLeavesItToTheTimer() throws Exception {
    root.writeFile(DRI + "disable_err_irq", "Y");
    GpuClient bad = machine.client("bad");

    waitFor(bad, bad.submit(UNKNOWN_PACKET));

    assertThat(root.readFile(DRI + "disable_err_irq")).isEqualTo("Y\n");
    assertThat(errors("a6xx_irq")).isEmpty();
    assertThat(errors("hangcheck_handler")).hasSize(3);
  }

  /** Kernel: {@code hangcheck_timer_reset()} rounds up to a whole second. */
  @Test
  void theTimersPeriodIsRoots() throws Exception {
    assertThat(root.readFile(DRI + "hangcheck_period_ms")).isEqualTo("250\n");
    assertThat(root.writeFile(DRI + "hangcheck_period_ms", "soon")).isEqualTo(Errno.EINVAL);
    root.writeFile(DRI + "hangcheck_period_ms", "7000\n");
    GpuClient bad = machine.client("bad");
    int target = bad.gemNew(4096);
    long _ = bad.info(target, GemInfo.GET_IOVA);

    waitFor(bad, bad.submit(GpuClient.hang(), target));

    assertThat(machine.scheduler.nowNs()).isAtLeast(14_000_000_000L);
    assertThat(root.readFile(DRI + "hangcheck_period_ms")).isEqualTo("7000\n");
  }

  // ---- dumps

  @Test
  void aHangLeavesADumpThatOneReadAndOneWriteEnd() throws Exception {
    GpuClient bad = machine.client("bad");
    int fence = bad.submit(UNKNOWN_PACKET);
    waitFor(bad, fence);

    DevcoreFile dump = dump();

    assertThat(dump.keys)
        .containsExactly(
            "kernel",
            "module",
            "time",
            "comm",
            "cmdline",
            "gpu-initialized",
            "revision",
            "rbbm-status",
            "ringbuffer",
            "bos",
            "gmu-log",
            "gmu-hfi",
            "gmu-debug",
            "registers",
            "registers-gmu",
            "indexed-registers",
            "shader-blocks",
            "clusters",
            "debugbus")
        .inOrder();
    assertThat(dump.values).containsEntry("comm", "bad");
    assertThat(dump.values).containsEntry("revision", "630 (6.3.0.2)");
    assertThat(dump.values).containsEntry("rbbm-status", "0x00800000");
    DevcoreFile.Entry ring = section(dump, "ringbuffer").getFirst();
    assertThat(ring.fields).containsEntry("iova", "0x0001000000001000");
    assertThat(ring.fields).containsEntry("last-fence", "4294967041");
    assertThat(ring.fields).containsEntry("retired-fence", "4294967040");
    assertThat(ring.data).hasLength(Integer.parseInt(ring.fields.get("wptr")));
    assertThat(ring.data[0]).isEqualTo(Pm4.packet(Pm4Opcode.ME_INIT, 8));
    assertThat(dump.sections.get("bos")).hasSize(1);

    root.writeFile(DUMP, "1");
    root.machine.settle();
    assertThat(root.openErrno(DUMP)).isEqualTo(Errno.ENOENT);
    waitFor(bad, bad.submit(NOP));
  }

  /** {@code MSM_SUBMIT_BO_DUMP}; everything with {@code rd_full}. */
  @Test
  void aDumpHoldsTheBuffersThatTheClientMarked() throws Exception {
    GpuClient bad = machine.client("bad");
    int commands = bad.commands(UNKNOWN_PACKET);
    int other = bad.commands(1, 2, 3);
    bad.bos(
        new GemSubmitBo(GemSubmitBo.READ | GemSubmitBo.DUMP, commands, 0),
        new GemSubmitBo(GemSubmitBo.READ, other, 0));
    bad.cmd(4);
    assertThat(bad.trySubmit(bad.submitArgs(0, 2, 1))).isNull();
    waitFor(bad, bad.answer(GemSubmit::read).fence());

    List<DevcoreFile.Entry> bos = section(dump(), "bos");
    assertThat(bos.get(0).data).isEqualTo(UNKNOWN_PACKET);
    assertThat(bos.get(1).data).isEmpty();

    root.writeFile(DUMP, "1");
    machine.settle();
    root.writeFile("/sys/module/msm/parameters/rd_full", "1");
    waitFor(bad, bad.submit(UNKNOWN_PACKET, other));
    String second = root.readFile("/sys/class/devcoredump/devcd2/data");
    assertThat(section(DevcoreFile.parse(second), "bos").get(1).data)
        .isEqualTo(new int[] {1, 2, 3});
  }

  /** {@code MSM_VM_BIND_OP_DUMP}. Kernel: {@code crashstate_get_bos()}. */
  @Test
  void aDumpHoldsTheMappingsThatTheClientMarked() throws Exception {
    BindClient bad = new BindClient(machine.client("bad"));
    long here = 0x1_4000_0000L;
    int marked = bad.client.commands(1, 2, 3);
    int other = bad.client.commands(4, 5, 6);
    bad.bind(
        new VmBindOp(VmBindOp.MAP, marked, 0, here, 4096, VmBindOp.DUMP, 0),
        BindClient.map(other, 0, here + 4096, 4096));
    bad.commands(UNKNOWN_PACKET);
    waitFor(bad.client, bad.submit(1));

    List<DevcoreFile.Entry> bos = section(dump(), "bos");

    assertThat(bos.stream().map(bo -> bo.fields.get("iova")).toList())
        .containsExactly(
            "0x%016x".formatted(BindClient.COMMANDS), "0x0000000140000000", "0x0000000140001000");
    for (DevcoreFile.Entry bo : bos) {
      boolean dumped = "0x0000000140000000".equals(bo.fields.get("iova"));
      assertThat(bo.data).isEqualTo(dumped ? new int[] {1, 2, 3} : new int[0]);
    }
  }

  /** A dump keeps 16 MiB of them all: what does not fit is left out, what follows is not. */
  @Test
  void aBufferThatIsTooLargeForADumpLeavesRoomForTheOthers() throws Exception {
    GpuClient bad = machine.client("bad");
    int commands = bad.commands(UNKNOWN_PACKET);
    int large = bad.gemNew(16 << 20);
    machine.userAccess.store(bad.process, bad.mmap(large), 4, 9);
    int small = bad.commands(1, 2, 3);
    int mark = GemSubmitBo.READ | GemSubmitBo.DUMP;
    bad.bos(
        new GemSubmitBo(mark, commands, 0),
        new GemSubmitBo(mark, large, 0),
        new GemSubmitBo(mark, small, 0));
    bad.cmd(4);
    assertThat(bad.trySubmit(bad.submitArgs(0, 3, 1))).isNull();
    waitFor(bad, bad.answer(GemSubmit::read).fence());

    List<DevcoreFile.Entry> bos = section(dump(), "bos");

    assertThat(bos.get(0).data).isEqualTo(UNKNOWN_PACKET);
    assertThat(bos.get(1).data).isEmpty();
    assertThat(bos.get(2).data).isEqualTo(new int[] {1, 2, 3});
  }

  /** A second crash while the first waits to be fetched leaves none. */
  @Test
  void oneDumpAtATime() throws Exception {
    GpuClient bad = machine.client("first");
    GpuClient worse = machine.client("second");
    waitFor(bad, bad.submit(UNKNOWN_PACKET));
    waitFor(worse, worse.submit(UNKNOWN_PACKET));

    assertThat(dump().values).containsEntry("comm", "first");
    assertThat(root.openErrno("/sys/class/devcoredump/devcd2/data")).isEqualTo(Errno.ENOENT);
  }

  @Test
  void nobodyButRootReadsADump() throws Exception {
    GpuClient bad = machine.client("bad");
    waitFor(bad, bad.submit(UNKNOWN_PACKET));

    assertThat(bad.openErrno(DUMP)).isEqualTo(Errno.EACCES);
    assertThat(bad.openErrno(DRI + "gpu")).isEqualTo(Errno.EACCES);
  }

  // ---- faults

  /** IGT's {@code iova-fault}: the dump names the address, and the submit is not killed. */
  @Test
  void aFaultThatStallsIsDumpedAndTheSubmitGoesOn() throws Exception {
    GpuClient stray = machine.client("stray");
    int page = stray.gemNew(4096);
    long iova = stray.info(page, GemInfo.GET_IOVA);
    int[] commands =
        IntStream.concat(
                IntStream.of(GpuClient.memWrite(STRAY, 1)),
                IntStream.of(GpuClient.memWrite(iova, 7)))
            .toArray();

    waitFor(stray, stray.submit(commands, page));

    assertThat(stray.load(page, 0)).isEqualTo(7);
    assertThat(stray.faultsOfQueue(0)).isEqualTo(0);
    assertThat(errors("recover_worker")).isEmpty();
    List<DevcoreFile.Entry> fault = section(dump(), "fault-info");
    assertThat(fault.get(1).fields).containsEntry("iova", "00000001dead0000");
    assertThat(fault.get(2).fields).containsEntry("dir", "WRITE");
    assertThat(fault.get(3).fields).containsEntry("type", "TRANSLATION");
    List<DevcoreFile.Entry> table = section(dump(), "pgtable-fault-info");
    assertThat("=" + table.get(0).fields.get("ttbr0"))
        .isEqualTo("=" + fault.get(0).fields.get("ttbr0"));
    assertThat(table.get(2).fields.get("ptes")).doesNotContainMatch("^0{16}");
  }

  @Test
  void afterAFaultStallingPausesForHalfASecondAndUntilTheDumpIsFetched() throws Exception {
    GpuClient stray = machine.client("stray");
    assertThat(root.readFile(DRI + "stall_reenable_time_us")).isEqualTo("0\n");

    waitFor(stray, stray.submit(GpuClient.memWrite(STRAY, 1)));

    int us = Integer.parseInt(root.readFile(DRI + "stall_reenable_time_us").strip());
    assertThat(us).isIn(Range.closed(490_000, 500_000));
    pass(600_000_000);
    assertThat(root.readFile(DRI + "stall_reenable_time_us")).isEqualTo("0\n");

    waitFor(stray, stray.submit(GpuClient.memWrite(STRAY + 4096, 1)));
    root.writeFile(DUMP, "1");
    pass(600_000_000);
    waitFor(stray, stray.submit(GpuClient.memWrite(STRAY + 8192, 1)));

    DevcoreFile second = DevcoreFile.parse(root.readFile("/sys/class/devcoredump/devcd2/data"));
    assertThat(section(second, "fault-info").get(1).fields)
        .containsEntry("iova", "00000001dead2000");
  }

  /** Of the many faults of one submit only the first is dumped. */
  @Test
  void aStormOfFaultsInOneSubmitLeavesOneDump() throws Exception {
    GpuClient stray = machine.client("stray");
    int[] storm =
        IntStream.range(0, 50)
            .boxed()
            .flatMapToInt(i -> IntStream.of(GpuClient.memWrite(STRAY + 4096L * i, 1)))
            .toArray();

    waitFor(stray, stray.submit(storm));

    assertThat(section(dump(), "fault-info").get(1).fields)
        .containsEntry("iova", "00000001dead0000");
    root.writeFile(DUMP, "1");
    machine.settle();
    assertThat(root.openErrno("/sys/class/devcoredump/devcd2/data")).isEqualTo(Errno.ENOENT);
  }

  // ---- the GPU as it is now

  @Test
  void theGpuCanBeLookedAtWhileItIsWell() throws Exception {
    GpuClient client = machine.client("client");
    waitFor(client, client.submit(NOP));

    String text = root.readFile(DRI + "gpu");

    assertThat(text).startsWith("6.3.0.2 Status:\ngpu-initialized: 1\nrevision: 630 (6.3.0.2)\n");
    assertThat(text).contains("retired-fence: 4294967041\n");
    assertThat(root.readFile("/sys/kernel/debug/dri/128/hangcheck_period_ms")).isEqualTo("250\n");
    waitFor(client, client.submit(NOP));
  }

  private static List<DevcoreFile.Entry> section(DevcoreFile dump, String name) {
    return requireNonNull(dump.sections.get(name), name);
  }
}
