package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.scenario.gpu.GpuWork.pass;
import static org.smmulator.scenario.gpu.GpuWork.waitFor;
import static org.smmulator.scenario.gpu.GpuWork.write;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.drm.DrmDevice;
import org.smmulator.drm.msm.MsmDriver;
import org.smmulator.drm.msm.MsmTrace;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.uapi.msm.SubmitQueue;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;

/**
 * The A530's four rings: the most urgent one that has something in it runs, once the one that runs
 * gives way. Kernel: {@code a5xx_preempt.c}.
 */
class PreemptionTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final long SECOND = 1_000_000_000;

  /** Three priorities a ring; ring 0 is the most urgent. */
  private static final int URGENT = 0;

  private static final int LAZY = 9;

  private static Machine boot(String pagetables) throws Exception {
    KernelConfig config = KernelConfig.defaults().with("msm.pagetables", pagetables);
    return Machine.on(new Boards().load("db820c")).config(config).traced().boot();
  }

  private static MsmDevice gpu(Machine machine, String comm) throws Exception {
    Client client = machine.host(comm);
    return new MsmDevice(client, client.open(NODE));
  }

  @Test
  void thereAreThreePrioritiesForEachOfFourRings() throws Exception {
    try (Machine machine = boot("bind-task")) {
      MsmDevice gpu = gpu(machine, "client");

      assertThat(gpu.param(MsmParam.PRIORITIES)).isEqualTo(12);
      int _ = gpu.newQueue(11, 0);
      int _ = gpu.newQueue(0, SubmitQueue.ALLOW_PREEMPT);
      var e = assertThrows(ErrnoException.class, () -> gpu.newQueue(12, 0));
      assertThat(e.errno()).isEqualTo(Errno.EINVAL);
    }
  }

  /** Each ring runs with the table of who submits to it, also when it comes back. */
  @ParameterizedTest
  @ValueSource(strings = {"bind-task", "dynamic-domains", "aux-domains", "shared"})
  void clientsOfAllRingsTakeTurnsWithTheirOwnTables(String pagetables) throws Exception {
    try (Machine machine = boot(pagetables)) {
      List<MsmDevice> gpus = new ArrayList<>();
      List<Integer> queues = new ArrayList<>();
      List<MsmBuffer> buffers = new ArrayList<>();
      for (int ring = 0; ring < 4; ring++) {
        MsmDevice gpu = gpu(machine, "client" + ring);
        gpus.add(gpu);
        queues.add(gpu.newQueue(3 * ring, 0));
        buffers.add(gpu.newBuffer(4096, GemNew.WC));
      }

      for (int round = 1; round <= 20; round++) {
        List<MsmJob> jobs = new ArrayList<>();
        for (int i = 3; i >= 0; i--) {
          jobs.add(write(gpus.get(i), queues.get(i), buffers.get(i), 100 * i + round));
        }
        for (MsmJob job : jobs) {
          job.await(SECOND);
        }
        for (int i = 0; i < 4; i++) {
          assertWithMessage("client %s, round %s", i, round)
              .that(buffers.get(i).load32(0))
              .isEqualTo(100 * i + round);
        }
      }

      for (MsmDevice gpu : gpus) {
        gpu.client().exit();
      }
      machine.settle();
      assertThat(machine.leakedPages()).isEmpty();
      assertThat(
              machine.dmesg().lines().stream()
                  .filter(
                      line -> line.text().contains("ERROR") || line.text().contains("gpu fault")))
          .isEmpty();
    }
  }

  /** A job gives way when it is done: what is urgent overtakes what waits behind it. */
  @Test
  void anUrgentJobOvertakesLazyOnesThatWait() throws Exception {
    try (Machine machine = boot("bind-task")) {
      MsmDevice gpu = gpu(machine, "client");
      int urgent = gpu.newQueue(URGENT, 0);
      int lazy = gpu.newQueue(LAZY, 0);
      MsmBuffer gate = gpu.newBuffer(4096, GemNew.WC);
      MsmBuffer page = gpu.newBuffer(4096, GemNew.WC);
      MsmBuffer second = gpu.newBuffer(4096, GemNew.WC);
      MsmBuffer third = gpu.newBuffer(4096, GemNew.WC);
      MsmJob first = waitFor(gpu, lazy, gate);
      MsmJob waiting = waitFor(gpu, lazy, second);
      pass(machine, 100_000);

      MsmJob overtaking = write(gpu, urgent, page, 7);
      pass(machine, 100_000);
      assertThat(page.load32(0)).isEqualTo(0); // who runs is not interrupted
      gate.store32(0, 1);
      overtaking.await(SECOND);

      assertThat(page.load32(0)).isEqualTo(7);
      assertThat(third.load32(0)).isEqualTo(0);
      second.store32(0, 1);
      first.await(SECOND);
      waiting.await(SECOND);
      assertThat(
              machine.tracer().events().stream()
                  .filter(MsmTrace.PreemptionTrigger.class::isInstance)
                  .map(event -> ((MsmTrace.PreemptionTrigger) event).print()))
          .containsExactly("preempting 0 -> 3", "preempting 3 -> 0", "preempting 0 -> 3")
          .inOrder();
    }
  }

  /** The guilty one is of the ring that runs; what is in the others is replayed. */
  @Test
  void aHangInOneRingCostsTheOthersNothing() throws Exception {
    try (Machine machine = boot("bind-task")) {
      MsmDevice bad = gpu(machine, "bad");
      MsmDevice good = gpu(machine, "good");
      int lazy = bad.newQueue(LAZY, 0);
      int urgent = good.newQueue(URGENT, 0);
      MsmBuffer never = bad.newBuffer(4096, GemNew.WC);
      MsmBuffer page = good.newBuffer(4096, GemNew.WC);
      MsmJob hung = waitFor(bad, lazy, never);
      pass(machine, 100_000);
      MsmJob job = write(good, urgent, page, 7);

      job.await(10 * SECOND);
      hung.await(10 * SECOND);

      assertThat(page.load32(0)).isEqualTo(7);
      assertThat(
              machine.dmesg().lines().stream()
                  .map(line -> line.text())
                  .filter(text -> text.contains("lockup rb")))
          .containsExactly(
              "adreno b00000.gpu: [drm:hangcheck_handler] *ERROR* 5.3.0.2: hangcheck detected gpu"
                  + " lockup rb 3!");
    }
  }

  /**
   * Who does not give way for ten seconds is taken for hung, if root has the hangcheck look away
   * for so long. Kernel: {@code a5xx_preempt_timer()}.
   */
  @Test
  void whoDoesNotGiveWayInTenSecondsHangs() throws Exception {
    try (Machine machine = boot("bind-task")) {
      setHangcheck(machine, "60000");
      MsmDevice lazy = gpu(machine, "lazy");
      MsmDevice urgent = gpu(machine, "urgent");
      MsmBuffer never = lazy.newBuffer(4096, GemNew.WC);
      MsmBuffer page = urgent.newBuffer(4096, GemNew.WC);
      MsmJob hung = waitFor(lazy, lazy.newQueue(LAZY, 0), never);
      pass(machine, 100_000);
      MsmJob job = write(urgent, urgent.newQueue(URGENT, 0), page, 7);

      pass(machine, 9 * SECOND);
      assertThat(errors(machine)).isEmpty();
      assertThat(page.load32(0)).isEqualTo(0);
      job.await(2 * SECOND);
      hung.await(SECOND);

      assertThat(page.load32(0)).isEqualTo(7);
      assertThat(errors(machine))
          .containsExactly(
              "adreno b00000.gpu: [drm:a5xx_preempt_timer] *ERROR* 5.3.0.2: preemption timed out",
              "adreno b00000.gpu: [drm:recover_worker] *ERROR* 5.3.0.2: hangcheck recover!",
              "adreno b00000.gpu: [drm:recover_worker] *ERROR* 5.3.0.2: offending task: lazy"
                  + " (lazy)")
          .inOrder();
    }
  }

  private static void setHangcheck(Machine machine, String ms) throws Exception {
    Client root = machine.hostRoot("root");
    int fd = root.openForWriting("/sys/kernel/debug/dri/0/hangcheck_period_ms");
    int _ = root.write(fd, ms.getBytes(UTF_8));
    root.exit();
  }

  private static List<String> errors(Machine machine) {
    return machine.dmesg().lines().stream()
        .map(line -> line.text())
        .filter(text -> text.contains("*ERROR*"))
        .toList();
  }

  /** A client that reads a record, or writes one, faults: records take privilege. */
  @Test
  void noClientReachesWhereRingsAreSaved() throws Exception {
    try (Machine machine = boot("shared")) {
      MsmDevice gpu = gpu(machine, "client");
      MsmBuffer page = gpu.newBuffer(4096, GemNew.WC);
      write(gpu, 0, page, 1).await(SECOND);
      long record = recordOf(machine);
      var use = ImmutableList.of(new MsmDevice.Use(page, GemSubmitBo.WRITE));

      gpu.submit(0, use, gpu.stream().memCopy(page.iova(), record)).await(SECOND);
      gpu.submit(0, use, gpu.stream().memWrite(record, 0)).await(SECOND);

      assertThat(page.load32(0)).isEqualTo(0); // not the magic number
      write(gpu, gpu.newQueue(LAZY, 0), page, 9).await(SECOND); // the record is sound
      assertThat(page.load32(0)).isEqualTo(9);
    }
  }

  /** The record of the ring of the default queue, which is in the middle. */
  private static long recordOf(Machine machine) {
    DrmDevice drm =
        requireNonNull(requireNonNull(machine.devices().find("b00000.gpu")).find(DrmDevice.class));
    return ((MsmDriver) drm.driver())
        .gpu().kernelBuffers().stream()
            .filter(buffer -> buffer.name().equals("preempt"))
            .skip(2)
            .findFirst()
            .orElseThrow()
            .iova();
  }
}
