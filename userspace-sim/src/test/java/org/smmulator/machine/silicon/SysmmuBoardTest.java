package org.smmulator.machine.silicon;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.iommu.DomainType;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.input.BadInputException;

/** A board with sysmmus boots: models made of their nodes, masters behind one or two of them. */
class SysmmuBoardTest {
  private static final String BOARD =
      """
      /dts-v1/;
      / {
        model = "a corner of an Exynos 5433";
        #address-cells = <1>;
        #size-cells = <1>;
        memory@20000000 { device_type = "memory"; reg = <0x20000000 0x4000000>; };
        gic: interrupt-controller@1 { #interrupt-cells = <3>; interrupt-controller; };
        cmu: clock-controller@2 { #clock-cells = <1>; };
        tv: sysmmu@13a00000 {
          compatible = "samsung,exynos-sysmmu";
          reg = <0x13a00000 0x1000>;
          interrupts = <0 192 4>;
          clocks = <&cmu 1>, <&cmu 2>;
          clock-names = "aclk", "pclk";
          #iommu-cells = <0>;
          VERSION
        };
        tv1: sysmmu@13a10000 {
          compatible = "samsung,exynos-sysmmu";
          reg = <0x13a10000 0x1000>;
          interrupts = <0 194 4>;
          clocks = <&cmu 3>, <&cmu 4>;
          clock-names = "aclk", "pclk";
          #iommu-cells = <0>;
          smmulator,version = <5 0>;
        };
        decon@13800000 {
          compatible = "samsung,exynos5433-decon-tv";
          iommus = <&tv>, <&tv1>;
        };
      };
      """;

  @TempDir Path directory;

  @Test
  void aMasterBehindTwoSysmmusIsInOneGroupAndTranslated() throws Exception {
    try (Machine machine = Machine.on(board("smmulator,version = <5 0>;")).boot()) {
      var decon =
          machine.devices().devices().stream()
              .filter(device -> device.name().contains("decon"))
              .findFirst()
              .orElseThrow();

      var group = requireNonNull(machine.iommu().groupOf(decon));
      assertThat(machine.iommu().groups()).containsExactly(group);
      assertThat(machine.iommu().bus().instances()).hasSize(2);
      assertThat(requireNonNull(group.domain()).type()).isEqualTo(DomainType.DMA);
      assertThat(machine.leakedPages()).isEmpty();
    }
  }

  @Test
  void aSysmmuThatSaysWhatNoneIsIsRefusedAtItsNode() throws Exception {
    assertThat(refused("smmulator,version = <4 0>;"))
        .hasMessageThat()
        .contains("there is no sysmmu v4");
    assertThat(refused("smmulator,version = <5>;"))
        .hasMessageThat()
        .contains("expected two cells, such as <3 3> or <5 0>");
  }

  private BadInputException refused(String version) throws Exception {
    DeviceTree board = board(version);
    return assertThrows(BadInputException.class, () -> Machine.on(board).boot().close());
  }

  private DeviceTree board(String version) throws Exception {
    Path file = directory.resolve("exynos.dts");
    Files.writeString(file, BOARD.replace("VERSION", version), UTF_8);
    return new Boards().load(file.toString());
  }
}
