package org.smmulator.machine;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.device.PlatformDriver;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.kernel.Initcalls;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.userspace.Client;

/** A board boots: models at their places, drivers bound, processes can run. */
class MachineTest {
  @TempDir Path directory;

  @Test
  void theSmmuIsProbedAndTheGpuStandsBehindItInAGroupOfItsOwn() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      var gpu = requireNonNull(machine.devices().find("5000000.gpu"));
      var gmu = requireNonNull(machine.devices().find("506a000.gmu"));

      var group = requireNonNull(machine.iommu().groupOf(gpu));
      assertThat(group.defaultDomain()).isEqualTo(IommuDomain.Fixed.IDENTITY);
      assertThat(machine.iommu().groupOf(gmu)).isNotEqualTo(group);
      assertThat(machine.dmesg().lines().stream().map(l -> l.text()))
          .contains("arm-smmu 5040000.iommu: \t8 context banks (0 stage-2 only)");
    }
  }

  @Test
  void aHostedProcessMakesSystemCallsFromTheTestsThread() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      var client = machine.host("tester");

      var e = assertThrows(ErrnoException.class, () -> client.open("/dev/nothing"));

      assertThat(e.errno()).isEqualTo(Errno.ENOENT);
      client.exit();
      assertThat(machine.processes().all()).isEmpty();
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void aMachineMayBeClosedTwice() throws Exception {
    Machine machine = Machine.on(new Boards().load("db845c")).boot();
    Client client = machine.host("tester");
    int fd = client.open("/dev/dri/renderD128");

    machine.close();
    machine.close();

    assertThrows(IllegalStateException.class, () -> client.close(fd));
  }

  @Test
  void aProcessThatStillLivesHasNotLeakedAnything() throws Exception {
    try (Machine machine = Machine.on(new Boards().load("db845c")).boot()) {
      var client = machine.host("tester");
      try (var scratch = client.scratch()) {
        client.store32(scratch.bytes(4), 1);
      }

      assertThat(machine.pages().usage()).containsKey("memory of " + client);
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void anInterposerSeesEachRegisterAccess() throws Exception {
    List<String> devices = new ArrayList<>();
    Interposer probe =
        new Interposer() {
          @Override
          public MmioTarget registers(DtNode device, MmioTarget registers) {
            devices.add(device.name());
            return registers;
          }
        };

    try (var _ = Machine.on(new Boards().load("db845c")).interpose(probe).boot()) {
      assertThat(devices).contains("iommu@5040000");
    }
  }

  @Test
  void aKernelMayBeBuiltWithOtherDrivers() throws Exception {
    Initcalls bare =
        new Initcalls() {
          @Override
          protected ImmutableList<PlatformDriver> registered(
              ImmutableList<PlatformDriver> compiledIn) {
            return ImmutableList.of();
          }
        };

    try (Machine machine = Machine.on(new Boards().load("db845c")).kernel(bare).boot()) {
      assertThat(machine.iommu().groups()).isEmpty();
    }
  }

  @Test
  void anSmmuThatNoSiliconCouldBeIsRefusedAtItsNode() throws Exception {
    var e = refused("#include \"db845c.dts\"\n&adreno_smmu { smmulator,context-banks = <99>; };");

    assertThat(e).hasMessageThat().contains("/soc@0/iommu@5040000");
    assertThat(e).hasMessageThat().contains("99 context banks");
  }

  @Test
  void aDeviceWithoutItsRegistersIsRefusedAtItsNode() throws Exception {
    var e = refused("#include \"db845c.dts\"\n&gpu { /delete-property/ interrupts; };");

    assertThat(e).hasMessageThat().contains("/soc@0/gpu@5000000");
    assertThat(e).hasMessageThat().contains("expected at least 1 entries");
  }

  private BadInputException refused(String tree) throws Exception {
    Path file = directory.resolve("bad.dts");
    Files.writeString(file, "/dts-v1/;\n" + tree, UTF_8);
    var board = new Boards().load(file.toString());
    return assertThrows(BadInputException.class, () -> Machine.on(board).boot().close());
  }
}
