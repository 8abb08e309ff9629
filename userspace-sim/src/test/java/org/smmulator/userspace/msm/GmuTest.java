package org.smmulator.userspace.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.regs.adreno.GmuHfi;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.MsmParam;

/** The management unit of an A6xx is a device of its own, and without it there is no GPU. */
class GmuTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final long BUFFERS_IOVA = 0x6000_0000L;
  private static final long HFI_IOVA = BUFFERS_IOVA + 0x1000 + 2 * 0x4000;

  @TempDir Path directory;

  @Test
  void itHasADomainOfItsOwnBehindTheGpusSmmu() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      IommuDomain ofUnit = requireNonNull(machine.iommu().domainOf(gmu(machine)));

      assertThat(ofUnit).isInstanceOf(IommuDomain.Paging.class);
      assertThat(ofUnit).isNotEqualTo(machine.iommu().domainOf(gpu(machine)));
      assertThat(gmu(machine).driver()).isNull();
    }
  }

  @Test
  void itIsAwakeExactlyAsLongAsTheGpu() throws Exception {
    for (String board : ImmutableList.of("db845c", "trogdor")) {
      try (Machine machine = Machine.on(new Boards().load(board)).boot()) {
        assertThat(gmu(machine).pm().isActive()).isFalse();
        var client = machine.host("tester");

        var _ = client.open(NODE);

        assertThat(gpu(machine).pm().isActive()).isTrue();
        assertThat(gmu(machine).pm().isActive()).isTrue();
        machine.settle();
        assertThat(gpu(machine).pm().isActive()).isFalse();
        assertThat(gmu(machine).pm().isActive()).isFalse();
      }
    }
  }

  /** The header of the queue of commands, read as the unit reads it: through its stream. */
  @Test
  void itsMessagesCameThroughItsOwnStream() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      var client = machine.host("tester");
      var _ = client.open(NODE);
      BusMaster unit = machine.busPort(gmu(machine));

      int queues = unit.load32(HFI_IOVA + GmuHfi.TABLE_QUEUES * Integer.BYTES);
      int first = unit.load32(HFI_IOVA + 0x1000);
      int taken =
          unit.load32(
              HFI_IOVA + (GmuHfi.TABLE_DWORDS + GmuHfi.HEADER_READ_INDEX) * (long) Integer.BYTES);

      assertThat(unit.aborted()).isFalse();
      assertThat(queues).isEqualTo(3);
      assertThat(GmuHfi.id(first)).isEqualTo(GmuHfi.MSG_INIT);
      assertThat(taken).isEqualTo(5 + 2 + GmuHfi.PERF_DWORDS + 1); // all that were sent
    }
  }

  @Test
  void aUnitWithoutFirmwareLeavesAnOpenFileAndNoGpu() throws Exception {
    try (Machine machine = Machine.on(withGmu("smmulator,firmware = <0>;")).boot()) {
      var client = machine.host("tester");

      var device = new MsmDevice(client, client.open(NODE));
      var buffer = device.newBuffer(4096, GemNew.WC);

      assertThat(log(machine))
          .containsAtLeast(
              "platform 506a000.gmu: [drm:a6xx_gmu_start] *ERROR* GMU firmware initialization"
                  + " timed out",
              "adreno 5000000.gpu: [drm:adreno_load_gpu] *ERROR* Couldn't power up the GPU: -110")
          .inOrder();
      assertErrno(Errno.ENXIO, () -> device.param(MsmParam.GPU_ID));
      assertErrno(Errno.ENXIO, () -> device.setParam(MsmParam.EN_VM_BIND, 1));
      assertErrno(Errno.ENODEV, () -> device.newQueue(0, 0));
      assertErrno(Errno.EINVAL, () -> buffer.info(GemInfo.GET_IOVA));
      assertThat(new MsmJob(device, 0, 7).isSignalled()).isTrue(); // nothing can be waited for
    }
  }

  @Test
  void aUnitThatIsMissingFailsTheProbeOfTheGpu() throws Exception {
    try (Machine machine = Machine.on(withGmu("status = \"disabled\";")).boot()) {
      assertThat(gpu(machine).driver()).isNull();
      assertErrno(Errno.ENOENT, () -> machine.host("tester").open(NODE));
    }
  }

  private DeviceTree withGmu(String property) throws Exception {
    Path board = directory.resolve("board.dts");
    Files.writeString(
        board,
        """
        /dts-v1/;
        #include "sdm845.dtsi"
        / {
          model = "A board";
          memory@80000000 { device_type = "memory"; reg = <0 0x80000000 0 0x40000000>; };
        };
        &gmu { %s };
        """
            .formatted(property),
        UTF_8);
    return new Boards().load(board.toString());
  }

  private static PlatformDevice gpu(Machine machine) {
    return requireNonNull(machine.devices().find("5000000.gpu"));
  }

  private static PlatformDevice gmu(Machine machine) {
    return requireNonNull(machine.devices().find("506a000.gmu"));
  }

  private static ImmutableList<String> log(Machine machine) {
    return machine.dmesg().lines().stream()
        .map(line -> line.text())
        .collect(ImmutableList.toImmutableList());
  }

  private static void assertErrno(Errno expected, Executable call) {
    assertThat(assertThrows(ErrnoException.class, call).errno()).isEqualTo(expected);
  }
}
