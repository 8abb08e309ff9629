package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.drm.msm.MsmTrace;
import org.smmulator.drm.sched.SchedTrace;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.report.BootReport;
import org.smmulator.trace.TraceEvent;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.GemSubmitBo;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;
import org.smmulator.userspace.msm.MsmJob;
import org.smmulator.userspace.msm.Pm4Stream;

/** A client that goes while the GPU works for it leaves nothing behind, and disturbs nobody. */
class UnfinishedWorkTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final int READ_WRITE = GemSubmitBo.READ | GemSubmitBo.WRITE;
  private static final long SECOND_NS = 1_000_000_000;

  private Machine machine;
  private String treeAtBoot = "";

  @BeforeEach
  void boot() throws Exception {
    machine = Machine.on(new Boards().load("db845c")).traced().boot();
    treeAtBoot = tree();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  /** Pages and tables by their owners, fences by their jobs' ends, context banks by the tree. */
  private void assertNothingIsLeft() {
    assertThat(machine.leakedPages()).isEmpty();
    assertThat(count(SchedTrace.JobDone.class)).isEqualTo(count(SchedTrace.JobQueue.class));
    assertThat(count(MsmTrace.SubmitRetired.class)).isEqualTo(count(MsmTrace.Submit.class));
    assertThat(count(MsmTrace.Submit.class)).isGreaterThan(0);
    assertThat(tree()).isEqualTo(treeAtBoot);
  }

  private long count(Class<? extends TraceEvent> type) {
    return machine.tracer().events().stream().filter(type::isInstance).count();
  }

  /** Every device with its group, domain and context bank, as {@code boot} prints them. */
  private String tree() {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      new BootReport(machine, out).printTree();
    }
    return text.toString();
  }

  @Test
  void aClientThatExitsWithAJobInFlightLeaksNothing() throws Exception {
    Client hasty = machine.host("hasty");
    var _ = submitMany(hasty);

    hasty.exit();
    machine.settle();

    assertNothingIsLeft();
    assertThat(machine.processes().all()).isEmpty();
  }

  @Test
  void aClientThatIsKilledWhileItWaitsLeaksNothing() throws Exception {
    boolean[] submitted = {false};
    Client victim =
        machine.spawn(
            "victim",
            own -> {
              try {
                MsmJob last = submitMany(own);
                submitted[0] = true;
                last.await(10 * SECOND_NS);
              } catch (ErrnoException e) {
                throw new IllegalStateException(e);
              }
            });
    Client killer = machine.host("killer");
    var _ = machine.run(() -> submitted[0]);

    killer.kill(victim.pid());
    killer.exit();
    machine.settle();

    assertNothingIsLeft();
    assertThat(machine.processes().all()).isEmpty();
  }

  @Test
  void aClientThatLeavesTheGpuHangingLeaksNothingEither() throws Exception {
    Client hanging = machine.host("hanging");
    MsmDevice gpu = new MsmDevice(hanging, hanging.open(NODE));
    MsmBuffer flag = gpu.newBuffer(4096, GemNew.WC);
    var _ =
        gpu.submit(
            MsmDevice.DEFAULT_QUEUE,
            List.of(new MsmDevice.Use(flag, READ_WRITE)),
            new Pm4Stream().waitUntilEqual(flag.iova(), 1));

    hanging.exit();
    machine.settle();

    assertNothingIsLeft();
    assertThat(machine.dmesg().lines().stream().map(l -> l.text()).toList().toString())
        .contains("hangcheck");
  }

  @Test
  void whoComesAfterwardsIsServed() throws Exception {
    Client hasty = machine.host("hasty");
    var _ = submitMany(hasty);
    hasty.exit();

    Client patient = machine.host("patient");
    MsmDevice gpu = new MsmDevice(patient, patient.open(NODE));
    MsmBuffer page = gpu.newBuffer(4096, GemNew.WC);
    MsmJob job = write(gpu, page, 0x600d);
    job.await(SECOND_NS);

    assertThat(page.load32(0)).isEqualTo(0x600d);
    patient.exit();
    machine.settle();
    assertNothingIsLeft();
  }

  @Test
  void aDescriptorThatIsClosedIsNoDescriptor() throws Exception {
    Client client = machine.host("client");
    MsmDevice gpu = new MsmDevice(client, client.open(NODE));
    client.close(gpu.fd());

    var e = assertThrows(ErrnoException.class, () -> gpu.newBuffer(4096, GemNew.WC));

    assertThat(e.errno().name()).isEqualTo("EBADF");
  }

  private static MsmJob submitMany(Client client) throws ErrnoException {
    MsmDevice gpu = new MsmDevice(client, client.open(NODE));
    MsmBuffer page = gpu.newBuffer(64 << 10, GemNew.WC);
    for (int i = 0; i < 7; i++) {
      var _ = write(gpu, page, i);
    }
    return write(gpu, page, 7);
  }

  private static MsmJob write(MsmDevice gpu, MsmBuffer page, int value) throws ErrnoException {
    return gpu.submit(
        MsmDevice.DEFAULT_QUEUE,
        List.of(new MsmDevice.Use(page, READ_WRITE)),
        new Pm4Stream().memWrite(page.iova(), value));
  }
}
