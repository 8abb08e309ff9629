package org.smmulator.machine.silicon;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;

/** Models are wired as the device tree says; a wire that cannot be is refused at its node. */
class MotherboardTest {
  @TempDir Path directory;

  @Test
  void aDeviceThatNoFactoryKnowsIsThereWithoutADriver() throws Exception {
    String tree =
        "&soc { toaster@9000000 { compatible = \"acme,toaster\"; reg = <0 0x9000000 0 0x1000>; };"
            + " };";

    try (Machine machine = Machine.on(board(tree)).boot()) {
      var toaster = requireNonNull(machine.devices().find("9000000.toaster"));
      assertThat(toaster.driver()).isNull();
    }
  }

  @Test
  void aDisabledDeviceIsNoDevice() throws Exception {
    try (Machine machine = Machine.on(board("&gpu { status = \"disabled\"; };")).boot()) {
      assertThat(machine.devices().find("5000000.gpu")).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "&gpu { /delete-property/ iommus; };"
            + "| /soc@0/gpu@5000000 | expected an IOMMU that a GPU can be wired to",
        "&gpu { /delete-property/ interrupts; };"
            + "| /soc@0/gpu@5000000 | expected at least 1 entries",
        "&gpu { /delete-property/ reg; };" + "| /soc@0/gpu | expected at least 1 entries",
        "&gpu { reg-names = \"ats\"; smmulator,page-requests = <0>; };"
            + "| /soc@0/gpu@5000000 | expected an SMMU that can be asked, as the device has ATS",
        "&adreno_smmu { smmulator,register-pages = <0x2000>; };"
            + "| /soc@0/iommu@5040000 | expected 0x1000 or 0x10000",
        "&adreno_smmu { smmulator,context-banks = <99>; };"
            + "| /soc@0/iommu@5040000 | such an SMMU cannot be made: 99 context banks",
      })
  void aWireThatCannotBeIsRefusedAtItsNode(String tree, String node, String why) throws Exception {
    var e = assertThrows(BadInputException.class, () -> Machine.on(board(tree)).boot().close());

    assertThat(e).hasMessageThat().containsMatch("dtsi?:[0-9]+:[0-9]+: ");
    assertThat(e).hasMessageThat().contains(node);
    assertThat(e).hasMessageThat().contains(why);
    assertThat(e.cure()).isEqualTo("mend the device tree at the place named above");
  }

  private DeviceTree board(String tree) throws Exception {
    Path file = directory.resolve("board.dts");
    Files.writeString(file, "/dts-v1/;\n#include \"db845c.dts\"\n" + tree, UTF_8);
    return new Boards().load(file.toString());
  }
}
