package org.smmulator.drm.msm;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.drm.DrmFile;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.fs.FileOperations;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.uapi.msm.GemCpuFini;
import org.smmulator.uapi.msm.GemCpuPrep;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemSubmit;
import org.smmulator.uapi.msm.GemSubmitCmd;
import org.smmulator.uapi.msm.MsmIoctl;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.MsmTimespec;

/** Submits from ioctl to fence, with the real models and drivers. */
class MsmSubmitTest {
  private static final long HERE = 0x1_4000_0000L;

  private GpuMachine machine;

  @BeforeEach
  void boot() throws Exception {
    machine = new GpuMachine();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void whatTheGpuWritesTheClientReads() throws Exception {
    GpuClient client = machine.client("painter");
    int canvas = client.gemNew(4096);
    long iova = client.info(canvas, GemInfo.GET_IOVA);
    assertThat(iova).isEqualTo(0x1_0000_0000L);

    int fence = client.submit(GpuClient.memWrite(iova + 0x10, 0xcafe), canvas);

    assertThat(client.waitFence(fence)).isNull();
    assertThat(client.load(canvas, 0x10)).isEqualTo(0xcafe);
  }

  @Test
  void commandsStandAnywhereInAnyBufferOfTheTable() throws Exception {
    GpuClient client = machine.client("painter");
    int canvas = client.gemNew(4096);
    long iova = client.info(canvas, GemInfo.GET_IOVA);
    int first = client.commands(behindBadOne(GpuClient.memWrite(iova, 1)));
    int second = client.commands(behindBadOne(GpuClient.memWrite(iova + 4, 2)));
    client.bos(canvas, first, second);
    int reached = GemSubmitCmd.IB_TARGET_BUF;
    client.store(GpuClient.CMDS, GemSubmitCmd.LAYOUT, at(GemSubmitCmd.BUF, 2, 4)::write);
    client.store(GpuClient.CMDS + 32, GemSubmitCmd.LAYOUT, at(reached, 1, 0)::write);
    client.store(GpuClient.CMDS + 64, GemSubmitCmd.LAYOUT, at(GemSubmitCmd.BUF, 1, 4)::write);

    assertThat(client.trySubmit(client.submitArgs(0, 3, 3))).isNull();

    assertThat(client.waitFence(client.answer(GemSubmit::read).fence())).isNull();
    assertThat(client.load(canvas, 0)).isEqualTo(1);
    assertThat(client.load(canvas, 4)).isEqualTo(2);
    assertThat(client.faultsOfQueue(0)).isEqualTo(0);
  }

  private static int[] behindBadOne(int[] dwords) {
    return Ints.concat(new int[] {Pm4.packet(0x7f, 0)}, dwords);
  }

  private static GemSubmitCmd at(int type, int buffer, int offset) {
    return new GemSubmitCmd(type, buffer, offset, 16, 0, 0, 0);
  }

  /**
   * Behind a job that hangs stand as many as the ring takes; of those that wait for a place the
   * queue with the highest number goes first, which is least urgent to the client. Kernel: {@code
   * msm_gpu_convert_priority()}.
   */
  @ParameterizedTest
  @CsvSource({"0, 2", "0, 1", "1, 2"})
  void theQueueThatIsLeastUrgentRunsFirst(int urgent, int relaxed) throws Exception {
    GpuClient client = machine.client("painter");
    int canvas = client.gemNew(4096);
    long iova = client.info(canvas, GemInfo.GET_IOVA);
    int target = client.gemNew(4096);
    long _ = client.info(target, GemInfo.GET_IOVA);
    int hanging = client.submit(GpuClient.hang(), target);
    for (int i = 1; i < 8; i++) {
      int _ = client.submit(GpuClient.memWrite(iova + 8, i), canvas);
    }

    int first = submitIn(client, client.newQueue(0, urgent), GpuClient.memWrite(iova, urgent + 1));
    int _ = submitIn(client, client.newQueue(0, relaxed), GpuClient.memWrite(iova, relaxed + 1));
    assertThat(client.waitFence(hanging)).isNull();
    machine.settle();

    assertThat(first).isEqualTo(1);
    assertThat(client.load(canvas, 8)).isEqualTo(7);
    assertThat(client.load(canvas, 0)).isEqualTo(urgent + 1);
  }

  /** Submits with nothing but the commands in the table, so that no buffer orders the jobs. */
  private static int submitIn(GpuClient client, int queue, int[] dwords) {
    client.bos(client.commands(dwords));
    client.cmd(4 * dwords.length);
    GemSubmit plain = client.submitArgs(0, 1, 1);
    GemSubmit asked =
        new GemSubmit(
            plain.flags(), 0, 1, 1, plain.bos(), plain.cmds(), -1, queue, 0, 0, 0, 0, 0, 0);
    assertThat(client.trySubmit(asked)).isNull();
    return client.answer(GemSubmit::read).fence();
  }

  /** Whatever is done with a file and its queues: no page is kept when the process is gone. */
  @Test
  void aProcessThatTriedEverythingLeavesNothing() throws Exception {
    triesEverything();
    ImmutableMap<String, Long> before = ImmutableMap.copyOf(machine.pages.usage());

    triesEverything();

    assertThat(machine.pages.usage()).isEqualTo(before);
    assertThat(machine.driver().buffers().all()).isEmpty();
  }

  private void triesEverything() throws Exception {
    GpuClient client = machine.client("client");
    int canvas = client.gemNew(4096);
    int queue = client.newQueue(0, 2);
    long iova = client.info(canvas, GemInfo.GET_IOVA);
    int _ = submitIn(client, queue, GpuClient.memWrite(iova, 1));
    client.bos(canvas, 99); // the second is no buffer
    assertThat(client.trySubmit(client.submitArgs(0, 2, 1))).isEqualTo(Errno.EINVAL);
    GemCpuPrep prep = new GemCpuPrep(canvas, GemCpuPrep.WRITE, new MsmTimespec(1_000_000, 0));
    assertThat(client.error(MsmIoctl.GEM_CPU_PREP, GemCpuPrep.LAYOUT, prep::write)).isNull();
    GemCpuFini fini = new GemCpuFini(canvas);
    assertThat(client.error(MsmIoctl.GEM_CPU_FINI, GemCpuFini.LAYOUT, fini::write)).isNull();
    GemCpuFini close = new GemCpuFini(queue);
    assertThat(client.error(MsmIoctl.SUBMITQUEUE_CLOSE, GemCpuFini.LAYOUT, close::write)).isNull();
    client.exit();

    BindClient binder = new BindClient(machine.client("binder"));
    int mapped = binder.client.gemNew(4096);
    assertThat(
            binder.tryBind(BindClient.map(mapped, 0, HERE, 4096), BindClient.map(99, 0, HERE, 8)))
        .isEqualTo(Errno.EINVAL);
    binder.bind(BindClient.map(mapped, 0, HERE, 4096));
    binder.write(HERE, 7);
    assertThat(binder.client.load(mapped, 0)).isEqualTo(7);
    binder.client.exit();
    machine.settle();
  }

  @Test
  void twoClientsHaveTheSameAddressAndNotTheSameMemory() throws Exception {
    GpuClient painter = machine.client("painter");
    GpuClient reader = machine.client("reader");
    int canvas = painter.gemNew(4096);
    int page = reader.gemNew(4096);
    long iova = painter.info(canvas, GemInfo.GET_IOVA);
    assertThat(reader.info(page, GemInfo.GET_IOVA)).isEqualTo(iova);

    int first = painter.submit(GpuClient.memWrite(iova, 0xcafe), canvas);
    int second = reader.submit(GpuClient.memWrite(iova, 0xbeef), page);
    int third = painter.submit(GpuClient.memWrite(iova + 4, 0xf00d), canvas);

    assertThat(painter.waitFence(first)).isNull();
    assertThat(reader.waitFence(second)).isNull();
    assertThat(painter.waitFence(third)).isNull();
    assertThat(painter.load(canvas, 0)).isEqualTo(0xcafe);
    assertThat(painter.load(canvas, 4)).isEqualTo(0xf00d);
    assertThat(reader.load(page, 0)).isEqualTo(0xbeef);
    assertThat(reader.load(page, 4)).isEqualTo(0);
  }

  @Test
  void aStrayAccessIsReportedAndHurtsNobody() throws Exception {
    GpuClient stray = machine.client("stray");
    GpuClient other = machine.client("other");
    int page = other.gemNew(4096);
    long iova = other.info(page, GemInfo.GET_IOVA);

    int bad = stray.submit(GpuClient.memWrite(0x1_dead_0000L, 1));
    int good = other.submit(GpuClient.memWrite(iova, 7), page);

    assertThat(stray.waitFence(bad)).isNull();
    assertThat(other.waitFence(good)).isNull();
    assertThat(other.load(page, 0)).isEqualTo(7);
    assertThat(
            matching(
                "\\*\\*\\* gpu fault: ttbr0=[0-9a-f]{16} iova=00000001dead0000 dir=WRITE"
                    + " type=TRANSLATION source=\\w+ \\(0,0,0,0\\)"))
        .hasSize(1);
  }

  /** Kernel: {@code pr_warn_ratelimited()} of {@code adreno_fault_handler()}. */
  @Test
  void aStormOfStrayAccessesFillsNoLog() throws Exception {
    GpuClient stray = machine.client("stray");
    for (int i = 0; i < 12; i++) {
      assertThat(stray.waitFence(stray.submit(GpuClient.memWrite(0x1_dead_0000L, 1)))).isNull();
      pass(100_000); // the fault's thread runs
    }
    assertThat(matching("\\*\\*\\* gpu fault: .*")).hasSize(10);

    pass(5_000_000_001L);
    assertThat(stray.waitFence(stray.submit(GpuClient.memWrite(0x1_dead_0000L, 1)))).isNull();
    machine.settle();
    assertThat(machine.log()).contains("adreno_fault_handler: 2 callbacks suppressed");
    assertThat(matching("\\*\\*\\* gpu fault: .*")).hasSize(11);
  }

  private void pass(long ns) {
    long until = machine.scheduler.nowNs() + ns;
    machine.scheduler.after(ns, () -> {});
    assertThat(machine.scheduler.run(() -> machine.scheduler.nowNs() >= until)).isTrue();
  }

  @Test
  void aHangingSubmitIsSkippedAndTheOthersAreRunAgain() throws Exception {
    GpuClient bad = machine.client("bad");
    GpuClient good = machine.client("good");
    int page = good.gemNew(4096);
    long iova = good.info(page, GemInfo.GET_IOVA);
    int target = bad.gemNew(4096);

    long _ = bad.info(target, GemInfo.GET_IOVA);
    int hanging = bad.submit(GpuClient.hang(), target);
    int fine = good.submit(GpuClient.memWrite(iova, 7), page);

    assertThat(good.waitFence(fine)).isNull();
    assertThat(bad.waitFence(hanging)).isNull();
    assertThat(good.load(page, 0)).isEqualTo(7);
    assertThat(machine.log())
        .containsAtLeast(
            "adreno 5000000.gpu: [drm:hangcheck_handler] *ERROR* 6.3.0.2: hangcheck detected gpu"
                + " lockup rb 0!",
            "adreno 5000000.gpu: [drm:recover_worker] *ERROR* 6.3.0.2: hangcheck recover!",
            "adreno 5000000.gpu: [drm:recover_worker] *ERROR* 6.3.0.2: offending task: bad (bad)")
        .inOrder();
  }

  @Test
  void garbageInACommandBufferHurtsItsSenderOnly() throws Exception {
    GpuClient bad = machine.client("bad");
    GpuClient good = machine.client("good");
    int page = good.gemNew(4096);
    long iova = good.info(page, GemInfo.GET_IOVA);

    int garbage = bad.submit(new int[] {0xdeadbeef, 0x12345678});
    int fine = good.submit(GpuClient.memWrite(iova, 7), page);

    assertThat(good.waitFence(fine)).isNull();
    assertThat(bad.waitFence(garbage)).isNull();
    assertThat(good.load(page, 0)).isEqualTo(7);
    int again = bad.submit(new int[] {0x70108000}); // a NOP: its queue works again
    assertThat(bad.waitFence(again)).isNull();
  }

  @Test
  void theFenceOfATimeoutStaysAndSignalsLater() throws Exception {
    GpuClient client = machine.client("slow");

    int hanging = client.submit(GpuClient.hang());

    assertThat(client.waitFence(hanging, 0)).isEqualTo(Errno.ETIMEDOUT);
    assertThat(client.waitFence(hanging)).isNull();
  }

  @Test
  void aProcessThatDiesWithWorkInFlightLeavesNothingBehind() throws Exception {
    machine.settle();
    var before = machine.pages.usage();
    GpuClient client = machine.client("doomed");
    int canvas = client.gemNew(64 * 1024);
    long iova = client.info(canvas, GemInfo.GET_IOVA);
    for (int i = 0; i < 20; i++) {
      int _ = client.submit(GpuClient.memWrite(iova, i), canvas);
    }
    int _ = client.submit(GpuClient.hang(), canvas);

    client.exit();
    machine.settle();

    assertThat(machine.pages.usage()).isEqualTo(before);
    GpuClient next = machine.client("next");
    assertThat(next.waitFence(next.submit(new int[] {0x70108000}))).isNull();
  }

  @Test
  void twoFilesOfOneProcessHaveTwoPagetables() throws Exception {
    GpuClient client = machine.client("twice");
    int second = client.openGpu();

    MsmContext one = context(client, client.fd);
    MsmContext two = context(client, second);

    long _ = client.info(client.gemNew(4096), GemInfo.GET_IOVA);
    int other = client.gemNew(second, 4096);
    long _ = client.info(second, other, GemInfo.GET_IOVA);
    assertThat(one.vm().mmu().pagetableBase()).isNotEqualTo(two.vm().mmu().pagetableBase());
  }

  @Test
  void aProcessThatInheritsTheFileSharesItsPagetable() throws Exception {
    GpuClient parent = machine.client("parent");
    int page = parent.gemNew(4096);
    long iova = parent.info(page, GemInfo.GET_IOVA);

    parent.fork(child -> {
      int fence = child.submit(GpuClient.memWrite(iova, 7), page);
      assertThat(child.waitFence(fence)).isNull();
    });
    machine.settle();

    assertThat(parent.load(page, 0)).isEqualTo(7);
  }

  /** {@code msm_context_vm()} belongs to the file, and takes whoever runs. */
  @Test
  void whenTheTaskThatOpenedTheFileIsDeadItsHeirsGoOnAndLeaveNothing() throws Exception {
    machine.settle();
    var before = machine.pages.usage();
    GpuClient parent = machine.client("parent");
    int mapped = parent.gemNew(4096);
    assertThat(parent.waitFence(parent.submit(new int[] {0x70108000}, mapped))).isNull();
    List<String> seen = new ArrayList<>();

    parent.fork(child -> {
      machine.scheduler.sleep(1_000_000); // the parent is gone by then
      child.bos(child.commands(0x70108000));
      child.cmd(4);
      seen.add("new buffer: " + child.trySubmit(child.submitArgs(0, 1, 1)));
      child.bos(mapped);
      seen.add("mapped buffer: " + child.trySubmit(child.submitArgs(0, 1, 0)));
    });
    parent.exit();
    machine.settle();

    assertThat(seen).containsExactly("new buffer: null", "mapped buffer: null").inOrder();
    assertThat(machine.pages.usage()).isEqualTo(before);
  }

  @Test
  void aFileWhoseTaskDiedBeforeItsFirstUseIsItsHeirs() throws Exception {
    GpuClient parent = machine.client("parent");
    List<String> seen = new ArrayList<>();

    parent.fork(child -> {
      machine.scheduler.sleep(1_000_000);
      GemInfo where = new GemInfo(child.gemNew(4096), GemInfo.GET_IOVA, 0, 0, 0);
      seen.add("" + child.error(MsmIoctl.GEM_INFO, GemInfo.LAYOUT, where::write));
    });
    parent.exit();
    machine.settle();

    assertThat(seen).containsExactly("null");
  }

  @Test
  void aKillEndsTheWaitForAFence() throws Exception {
    GpuClient client = machine.client("client");
    List<String> seen = new ArrayList<>();
    client.fork(child -> {
      int fence = child.submit(GpuClient.hang());
      machine.scheduler.after(1_000_000, () -> machine.processes.kill(child.process));
      seen.add("waits");
      seen.add("not reached: " + child.waitFence(fence));
    });

    machine.settle();

    assertThat(seen).containsExactly("waits");
  }

  @Test
  void aClientCannotTouchTheRegistersThatFeedTheGpu() throws Exception {
    GpuClient bad = machine.client("bad");
    GpuClient good = machine.client("good");

    int fence = bad.submit(GpuClient.regWrite(0x807, 5)); // CP_RB_WPTR
    int fine = good.submit(new int[] {0x70108000});

    assertThat(bad.waitFence(fence)).isNull();
    assertThat(good.waitFence(fine)).isNull();
    assertThat(machine.log())
        .contains(
            "adreno 5000000.gpu: CP | protected mode error | WRITE | addr=0x00000807 |"
                + " status=0x00000807");
  }

  @Test
  void aProfilerDoesNotOpenThemEither() throws Exception {
    GpuClient root = machine.admin("root");
    MsmParam sysprof = new MsmParam(MsmParam.PIPE_3D0, MsmParam.SYSPROF, 1, 0, 0);
    assertThat(root.error(MsmIoctl.SET_PARAM, MsmParam.LAYOUT, sysprof::write)).isNull();
    GpuClient bad = machine.client("bad");

    assertThat(bad.waitFence(bad.submit(GpuClient.regWrite(0x807, 5)))).isNull();

    assertThat(machine.log().toString()).contains("protected mode error | WRITE");
  }

  @Test
  void whereTasksGetNoTablesFilesShareTheKernels() throws Exception {
    try (GpuMachine shared =
        new GpuMachine(
            (device, task) -> {
              throw Errno.ENODEV.because("no tables for tasks");
            },
            0)) {
      GpuClient client = shared.client("client");
      int page = client.gemNew(4096);
      long iova = client.info(page, GemInfo.GET_IOVA);

      assertThat(client.waitFence(client.submit(GpuClient.memWrite(iova, 7), page))).isNull();

      assertThat(client.load(page, 0)).isEqualTo(7);
      assertThat(iova >>> 48).isEqualTo(1);
      assertThat(shared.log()).contains("adreno 5000000.gpu: No per-process page tables");
      MsmParam start = new MsmParam(MsmParam.PIPE_3D0, MsmParam.VA_START, 0, 0, 0);
      assertThat(client.error(MsmIoctl.GET_PARAM, MsmParam.LAYOUT, start::write))
          .isEqualTo(Errno.EINVAL);
      GemInfo place = new GemInfo(page, GemInfo.SET_IOVA, 0x1_0000_0000L, 0, 0);
      assertThat(client.error(MsmIoctl.GEM_INFO, GemInfo.LAYOUT, place::write))
          .isEqualTo(Errno.EOPNOTSUPP);
    }
  }

  @Test
  void aFenceDescriptorBecomesReadable() throws Exception {
    GpuClient client = machine.client("client");
    client.bos(client.commands(GpuClient.hang()));
    client.cmd(28);
    assertThat(client.trySubmit(client.submitArgs(GemSubmit.FENCE_FD_OUT, 1, 1))).isNull();
    int fenceFd = client.answer(GemSubmit::read).fenceFd();
    var file = client.process.files().file(fenceFd).operations();
    assertThat(file.poll()).isEqualTo(0);

    assertThat(client.waitFence(1)).isNull();

    assertThat(file.poll()).isEqualTo(FileOperations.POLLIN);
  }

  private static MsmContext context(GpuClient client, int fd) throws Exception {
    return MsmContext.of((DrmFile) client.process.files().file(fd).operations());
  }

  private List<String> matching(String pattern) {
    return machine.log().stream().filter(line -> line.matches(pattern)).toList();
  }
}
