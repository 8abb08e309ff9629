package org.smmulator.scenario;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EIO;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.engines.CopyController;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.PlatformDevice;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.userspace.Client;

/** An engine that firmware left running reaches its memory also once its IOMMU is on. */
class FirmwareRegionTest {
  private static final long SPLASH = 0x7e80_0000L;
  private static final String BOARD =
      """
      /dts-v1/;
      #include "virt.dts"
      / {
        reserved-memory {
          splash: splash@7e800000 {
            reg = <0x0 0x7e800000 0x0 0x204000>;
            no-map;
            iommu-addresses = <&copy0 0x0 0x7e800000 0x0 0x204000>;
          };
          secret: secret {
            iommu-addresses = <&copy0 0x0 0x1000 0x0 0x2000>;
          };
        };
      };
      &copy0 { memory-region = <&splash>, <&secret>; };
      """;

  @Test
  void itIsMappedWhereItIsAndNothingElse(@TempDir Path folder) throws Exception {
    try (Machine machine = boot(folder)) {
      machine.dram().putInt(SPLASH + 0x20_3000, 0x600d);
      PlatformDevice device = engine(machine);
      CopyController copy = requireNonNull(device.find(CopyController.class));
      KernelThread.run(
          machine,
          () -> {
            copy.copy(SPLASH + 0x20_3000, SPLASH + 64, 4, CopyController.NO_PASID);
            assertErrno(EIO, () -> copy.copy(SPLASH - 64, SPLASH, 4, CopyController.NO_PASID));
            assertErrno(EIO, () -> copy.copy(0x1000, SPLASH, 4, CopyController.NO_PASID));
          });
      assertThat(machine.dram().getInt(SPLASH + 64)).isEqualTo(0x600d);
    }
  }

  @Test
  void sysfsTellsOfItAndNobodyMayBlockTheDevice(@TempDir Path folder) throws Exception {
    try (Machine machine = boot(folder)) {
      PlatformDevice device = engine(machine);
      IommuGroup group = requireNonNull(machine.iommu().groupOf(device));
      Client client = machine.host("cat");
      int file =
          client.openForReading("/sys/kernel/iommu_groups/" + group.id() + "/reserved_regions");
      assertThat(new String(client.read(file, 4096), UTF_8))
          .isEqualTo(
              """
              0x0000000000001000 0x0000000000002fff reserved
              0x0000000008000000 0x00000000080fffff msi
              0x000000007e800000 0x000000007ea03fff direct
              """);

      KernelThread.run(
          machine,
          () -> {
            machine.devices().unbind(device);
            assertErrno(EINVAL, () -> machine.iommu().claimGroup(group, "vfio"));
          });
    }
  }

  @Test
  void anEntryHasTheCellsOfItsDevicesBus(@TempDir Path folder) throws Exception {
    String narrow =
        """
        &secret { iommu-addresses = <&narrow 0x5000 0x1000>, <&copy0 0x0 0x1000 0x0 0x2000>; };
        &soc {
          bus {
            compatible = "simple-bus";
            #address-cells = <1>;
            #size-cells = <1>;
            ranges = <0x0 0x0 0xd000000 0x10000>;
            narrow: mmc@0 {
              compatible = "smmulator,sdhost";
              reg = <0x0 0x1000>;
              interrupts = <0 30 4>;
              iommus = <&smmu3 0x40>;
              memory-region = <&secret>;
              smmulator,card-blocks = <8>;
            };
          };
        };
        """;
    try (Machine machine = boot(folder, BOARD + narrow)) {
      PlatformDevice device = requireNonNull(machine.devices().find("d000000.mmc"));

      assertThat(regionsOf(machine, device)).startsWith("0x0000000000005000 0x0000000000005fff");
      assertThat(regionsOf(machine, engine(machine)))
          .startsWith("0x0000000000001000 0x0000000000002fff");
    }
  }

  private static String regionsOf(Machine machine, PlatformDevice device) throws Exception {
    IommuGroup group = requireNonNull(machine.iommu().groupOf(device));
    Client client = machine.host("cat");
    String path = "/sys/kernel/iommu_groups/" + group.id() + "/reserved_regions";
    return new String(client.read(client.openForReading(path), 4096), UTF_8);
  }

  private static Machine boot(Path folder) throws Exception {
    return boot(folder, BOARD);
  }

  private static Machine boot(Path folder, String tree) throws Exception {
    Path board = Files.writeString(folder.resolve("board.dts"), tree);
    return Machine.on(new Boards().load(board.toString())).boot();
  }

  private static PlatformDevice engine(Machine machine) {
    return requireNonNull(machine.devices().find("a000000.copy"));
  }

  private interface Call {
    void run() throws ErrnoException;
  }

  private static void assertErrno(Errno errno, Call call) {
    assertThat(assertThrows(ErrnoException.class, call::run).errno()).isEqualTo(errno);
  }
}
