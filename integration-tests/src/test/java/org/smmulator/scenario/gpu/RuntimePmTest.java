package org.smmulator.scenario.gpu;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.scenario.gpu.GpuWork.pass;
import static org.smmulator.scenario.gpu.GpuWork.waitFor;
import static org.smmulator.scenario.gpu.GpuWork.write;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.drm.msm.MsmTrace;
import org.smmulator.hw.bus.ExternalAbort;
import org.smmulator.junit.Board;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.userspace.Client;
import org.smmulator.userspace.msm.MsmBuffer;
import org.smmulator.userspace.msm.MsmDevice;

/**
 * A GPU sleeps when it has had nothing to do for a while, loses every register, and its clients do
 * not notice. Delays: {@code inactive_period} in {@code a3xx_catalog.c}, {@code a5xx_catalog.c},
 * {@code a6xx_catalog.c}.
 */
class RuntimePmTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;

  private static PlatformDevice gpuOf(Machine machine) {
    return machine.devices().devices().stream()
        .filter(device -> device.name().endsWith(".gpu"))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isAwake(Machine machine) {
    return gpuOf(machine).pm().isActive();
  }

  private static void writeAndCheck(MsmDevice gpu, MsmBuffer buffer, int value) throws Exception {
    write(gpu, 0, buffer, value).await(SECOND);
    assertThat(buffer.load32(0)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "db410c, bind-task, 66",
    "db410c, adreno-smmu, 66",
    "db820c, bind-task, 250",
    "db820c, adreno-smmu, 250",
    "db820c, dynamic-domains, 250",
    "db845c, adreno-smmu, 66",
    "db845c, bind-task, 66",
    "db845c, dynamic-domains, 66",
    "trogdor, adreno-smmu, 66",
    "trogdor, aux-domains, 66",
    "trogdor, shared, 66"
  })
  void itSleepsAfterItsDelayAndEveryClientGoesOnWithItsOwnTable(
      String board, String pagetables, int delayMs) throws Exception {
    KernelConfig config = KernelConfig.defaults().with("msm.pagetables", pagetables);
    try (Machine machine = Machine.on(new Boards().load(board)).config(config).boot()) {
      Client painter = machine.host("painter");
      Client reader = machine.host("reader");
      MsmDevice painting = new MsmDevice(painter, painter.open(NODE));
      MsmDevice reading = new MsmDevice(reader, reader.open(NODE));
      MsmBuffer canvas = painting.newBuffer(4096, GemNew.WC);
      MsmBuffer page = reading.newBuffer(4096, GemNew.WC);
      writeAndCheck(painting, canvas, 1);
      writeAndCheck(reading, page, 2);

      pass(machine, (delayMs - 1) * MS);
      assertThat(isAwake(machine)).isTrue();
      writeAndCheck(painting, canvas, 3);
      pass(machine, (delayMs - 1) * MS);
      assertThat(isAwake(machine)).isTrue();
      pass(machine, 2 * MS);
      assertThat(isAwake(machine)).isFalse();
      assertThat(painting.param(MsmParam.SUSPENDS)).isEqualTo(1);

      writeAndCheck(painting, canvas, 4); // reader's table was not the last, nor is it now
      writeAndCheck(reading, page, 5);
      machine.settle();
      assertThat(painting.param(MsmParam.SUSPENDS)).isEqualTo(2);
      reader.exit();
      machine.settle();
      writeAndCheck(painting, canvas, 6);

      painter.exit();
      machine.settle();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"db410c", "db820c", "db845c", "trogdor"})
  void whileItSleepsItsRegistersDoNotAnswer(String board) throws Exception {
    try (Machine machine = Machine.on(new Boards().load(board)).boot()) {
      Client client = machine.host("client");
      MsmDevice gpu = new MsmDevice(client, client.open(NODE));
      MsmBuffer page = gpu.newBuffer(4096, GemNew.WC);
      writeAndCheck(gpu, page, 1);
      machine.settle();

      assertThat(isAwake(machine)).isFalse();
      ExternalAbort abort =
          assertThrows(ExternalAbort.class, () -> readFirstRegister(gpuOf(machine)));
      assertThat(abort).hasMessageThat().contains("read of unclocked gpu");
    }
  }

  private static void readFirstRegister(PlatformDevice gpu) throws Exception {
    int _ = gpu.registers(0).read32(0);
  }

  @Test
  void aLongJobKeepsItAwake(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("client");
    MsmDevice gpu = new MsmDevice(client, client.open(NODE));
    MsmBuffer page = gpu.newBuffer(4096, GemNew.WC);
    var job = waitFor(gpu, 0, page);

    pass(machine, 100 * MS);
    assertThat(isAwake(machine)).isTrue();
    page.store32(0, 1);
    job.await(SECOND);

    pass(machine, 70 * MS);
    assertThat(isAwake(machine)).isFalse();
  }

  /** {@code MSM_PARAM_SYSPROF} 2. Kernel: {@code msm_context_set_sysprof()}. */
  @Test
  void whoProfilesTheSystemKeepsItAwake(@Board("db845c") Machine machine) throws Exception {
    Client root = machine.hostRoot("profiler");
    MsmDevice gpu = new MsmDevice(root, root.open(NODE));
    writeAndCheck(gpu, gpu.newBuffer(4096, GemNew.WC), 1);
    gpu.setParam(MsmParam.SYSPROF, 2);

    pass(machine, 200 * MS);
    assertThat(isAwake(machine)).isTrue();
    gpu.setParam(MsmParam.SYSPROF, 1);
    pass(machine, 67 * MS);
    assertThat(isAwake(machine)).isFalse();
    gpu.setParam(MsmParam.SYSPROF, 2);
    assertThat(isAwake(machine)).isTrue();
    root.exit();
    machine.settle();
    assertThat(isAwake(machine)).isFalse();
  }

  @Test
  void wakingAndSleepingAreTraced(@Board("db845c") Machine machine) throws Exception {
    Client client = machine.host("client");
    MsmDevice gpu = new MsmDevice(client, client.open(NODE));
    writeAndCheck(gpu, gpu.newBuffer(4096, GemNew.WC), 1);
    machine.settle();

    assertThat(
            machine.tracer().events().stream()
                .filter(e -> e instanceof MsmTrace.Resume || e instanceof MsmTrace.Suspend))
        .containsExactly(new MsmTrace.Resume(), new MsmTrace.Suspend())
        .inOrder();
  }

  /** A dump of the state, and the counter that a client asks for, wake it. */
  @Test
  void whoAsksForItsStateWakesIt(@Board("trogdor") Machine machine) throws Exception {
    Client root = machine.hostRoot("root");
    MsmDevice gpu = new MsmDevice(root, root.open(NODE));
    writeAndCheck(gpu, gpu.newBuffer(4096, GemNew.WC), 1);
    machine.settle();

    assertThat(gpu.param(MsmParam.TIMESTAMP)).isGreaterThan(0L);
    assertThat(isAwake(machine)).isTrue();
    machine.settle();
    assertThat(isAwake(machine)).isFalse();
  }
}
