package org.smmulator.machine.silicon;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.iommu.DomainType;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;

/** A board with an MSM8916's IOMMU boots: banks below it, masters behind them by number. */
class QcomIommuBoardTest {
  @TempDir Path directory;

  @Test
  void aMasterIsPutIntoTheBanksThatItsNodeNames() throws Exception {
    Path file = directory.resolve("msm8916.dts");
    Files.writeString(
        file,
        """
        /dts-v1/;
        / {
          model = "a corner of an MSM8916";
          #address-cells = <1>;
          #size-cells = <1>;
          memory@80000000 { device_type = "memory"; reg = <0x80000000 0x4000000>; };
          gcc: clock-controller@1800000 { #clock-cells = <1>; };
          apps: iommu@1ef0000 {
            compatible = "qcom,msm8916-iommu", "qcom,msm-iommu-v1";
            #address-cells = <1>;
            #size-cells = <1>;
            #iommu-cells = <1>;
            ranges = <0 0x1e20000 0x20000>;
            reg = <0x1ef0000 0x3000>;
            clocks = <&gcc 1>, <&gcc 2>;
            clock-names = "iface", "bus";
            qcom,iommu-secure-id = <17>;
            iommu-ctx@3000 {
              compatible = "qcom,msm-iommu-v1-sec";
              reg = <0x3000 0x1000>;
              interrupts = <0 70 4>;
            };
            iommu-ctx@4000 {
              compatible = "qcom,msm-iommu-v1-ns";
              reg = <0x4000 0x1000>;
              interrupts = <0 70 4>;
            };
          };
          mdp@1a01000 { compatible = "qcom,mdp5"; iommus = <&apps 4>; };
        };
        """,
        UTF_8);

    try (Machine machine = Machine.on(new Boards().load(file.toString())).boot()) {
      var mdp =
          machine.devices().devices().stream()
              .filter(device -> device.name().contains("mdp"))
              .findFirst()
              .orElseThrow();

      var group = requireNonNull(machine.iommu().groupOf(mdp));
      assertThat(requireNonNull(group.domain()).type()).isEqualTo(DomainType.DMA);
      assertThat(machine.iommu().bus().instances()).hasSize(1);
    }
  }
}
