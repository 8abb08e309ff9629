package org.smmulator.userspace.msm;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.regs.adreno.GmuHfi;
import org.smmulator.regs.adreno.Pm4;
import org.smmulator.uapi.msm.GemInfo;
import org.smmulator.uapi.msm.GemNew;
import org.smmulator.uapi.msm.MsmParam;
import org.smmulator.userspace.Client;

/** The management unit of an A6xx is a device of its own, and without it there is no GPU. */
class GmuTest {
  private static final String NODE = "/dev/dri/renderD128";
  private static final long BUFFERS_IOVA = 0x6000_0000L;
  private static final long HFI_IOVA = BUFFERS_IOVA + 0x1000 + 2 * 0x4000;

  private static final long SECOND = 1_000_000_000;

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

  /**
   * A dump shows the queues as a tool decodes them: where the last messages of each start, and the
   * memory with them. Lengths and order: {@code a6xx_hfi.h} and the dump of a real SC7180, which
   * has one message more, the table of bandwidths, of 160 dwords at 50.
   */
  @ParameterizedTest
  @CsvSource({"db845c, 8, 257000, 710000, 3, 400000", "trogdor, 9, 180000, 825000, 2, 200000"})
  void aDumpShowsWhatWasSaid(
      String board, int levels, int slowest, int fastest, int ownLevels, int ownKhz)
      throws Exception {
    try (Machine machine = Machine.on(new Boards().load(board)).boot()) {
      Client client = machine.host("bad");
      MsmDevice device = new MsmDevice(client, client.open(NODE));
      device.submit(0, ImmutableList.of(), device.stream().raw(Pm4.packet(0x7f, 0))).await(SECOND);

      List<String> dump = readDump(machine.hostRoot("root")).lines().toList();

      int at = dump.indexOf("gmu-hfi:");
      assertThat(dump.subList(at + 1, at + 6))
          .containsExactly(
              "    iova: 0x%016x".formatted(HFI_IOVA),
              "    size: 16384",
              "    queue-history[0]: -1 -1 -1 -1 0 5 7 50",
              "    queue-history[1]: -1 -1 -1 -1 0 4 8 12",
              "    queue-history[2]: -1 -1 -1 -1 -1 -1 -1 -1")
          .inOrder();
      int[] dwords = Arrays.copyOf(decode(dump.get(at + 7).strip()), 4096);
      assertThat(Arrays.copyOf(dwords, 10))
          .isEqualTo(new int[] {0, 168, 6, 12, 3, 3, 1, (int) HFI_IOVA + 0x1000, 0xa00, 1024});
      int commands = 1024;
      assertThat(GmuHfi.id(dwords[commands])).isEqualTo(GmuHfi.MSG_INIT);
      assertThat(dwords[commands + 2]).isEqualTo((int) BUFFERS_IOVA + 0x1000); // its debug buffer
      assertThat(GmuHfi.id(dwords[commands + 5])).isEqualTo(GmuHfi.MSG_FW_VERSION);
      int perf = commands + 7;
      assertThat(dwords[perf] & 0xffff).isEqualTo(0x2b04);
      assertThat(dwords[perf + 1]).isEqualTo(levels);
      assertThat(dwords[perf + 2]).isEqualTo(ownLevels);
      assertThat(dwords[perf + 3 + 1]).isEqualTo(0); // off
      assertThat(dwords[perf + 3 + 3]).isEqualTo(slowest);
      assertThat(dwords[perf + 3 + 2 * levels - 1]).isEqualTo(fastest);
      assertThat(dwords[perf + 3 + 32 + 2 * ownLevels - 1]).isEqualTo(ownKhz);
      assertThat(GmuHfi.id(dwords[commands + 50])).isEqualTo(GmuHfi.MSG_TEST);
      int answers = 2048;
      for (int i = 0; i < 4; i++) {
        assertThat(dwords[answers + 4 * i] & 0xf_ffff).isEqualTo(0x2047e); // HFI_MSG_ACK_V1
        assertThat(dwords[answers + 4 * i + 2]).isEqualTo(0);
      }
      assertThat(dwords[answers + 5]).isEqualTo(dwords[commands + 5]); // the header that it answers
      assertThat(dwords[answers + 7]).isEqualTo(0x1006_0000); // the version, as a real unit's
      assertThat(dump.get(dump.indexOf("gmu-log:") + 2)).isEqualTo("    size: 16384");
      assertThat(dump.get(dump.indexOf("gmu-debug:") + 1))
          .isEqualTo("    iova: 0x%016x".formatted(BUFFERS_IOVA + 0x1000));
    }
  }

  private static String readDump(Client root) throws Exception {
    StringBuilder text = new StringBuilder();
    int fd = root.openForReading("/sys/class/devcoredump/devcd1/data");
    for (byte[] part = root.read(fd, 65_536); part.length > 0; part = root.read(fd, 65_536)) {
      text.append(new String(part, UTF_8));
    }
    return text.toString();
  }

  /** Decodes dwords. Kernel: {@code include/linux/ascii85.h} the other way round. */
  private static int[] decode(String text) {
    IntStream.Builder dwords = IntStream.builder();
    for (int i = 0; i < text.length(); ) {
      long value = 0;
      int digits = text.charAt(i) == 'z' ? 0 : 5;
      for (int digit = 0; digit < digits; digit++) {
        value = value * 85 + text.charAt(i + digit) - '!';
      }
      dwords.add((int) value);
      i += Math.max(digits, 1);
    }
    return dwords.build().toArray();
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
