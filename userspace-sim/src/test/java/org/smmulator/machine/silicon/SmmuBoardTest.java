package org.smmulator.machine.silicon;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.DomainType;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.regs.smmuv2.Gr0;

/** A board with a Qualcomm MMU-500 that its boot loader has used, and the kernel's parameter. */
class SmmuBoardTest {
  @TempDir Path directory;

  @Test
  void whatFirmwareLeftIsAdoptedAndTheDisplayPasses() throws Exception {
    try (Machine machine = boot(KernelConfig.defaults())) {
      Mmio smmu = smmu(machine);
      assertThat(smmu.read(Gr0.SMR, 0)).isEqualTo(0x8002_0880); // the display's own now
      assertThat(smmu.read(Gr0.S2CR, 0)).isEqualTo(7); // TRANS through the last bank
      assertThat(smmu.read(Gr0.SACR)).isEqualTo(0x500);
      assertThat(smmu.read(Gr0.SCR0)).isEqualTo(0x1c36);
      assertThat(typeOf(machine, "mdss")).isEqualTo(DomainType.IDENTITY);
      assertThat(typeOf(machine, "mmc")).isEqualTo(DomainType.DMA);
    }
  }

  @Test
  void unknownStreamsPassWithoutDisableBypass() throws Exception {
    KernelConfig passing = KernelConfig.defaults().with("arm-smmu.disable_bypass", "0");
    try (Machine machine = boot(passing)) {
      assertThat(smmu(machine).read(Gr0.SCR0)).isEqualTo(0x1836);
    }
  }

  private static Mmio smmu(Machine machine) throws ErrnoException {
    return requireNonNull(machine.devices().find("15000000.iommu")).registers(0);
  }

  private static DomainType typeOf(Machine machine, String name) {
    var device =
        machine.devices().devices().stream()
            .filter(each -> each.name().contains(name))
            .findFirst()
            .orElseThrow();
    var group = requireNonNull(machine.iommu().groupOf(device));
    return requireNonNull(group.domain()).type();
  }

  private Machine boot(KernelConfig config) throws Exception {
    Path file = directory.resolve("corner.dts");
    Files.writeString(
        file,
        """
        /dts-v1/;
        / {
          model = "a corner of an SC7280";
          #address-cells = <1>;
          #size-cells = <1>;
          memory@80000000 { device_type = "memory"; reg = <0x80000000 0x4000000>; };
          apps: iommu@15000000 {
            compatible = "qcom,sc7280-smmu-500", "qcom,smmu-500", "arm,mmu-500";
            reg = <0x15000000 0x10000>;
            #iommu-cells = <2>;
            #global-interrupts = <1>;
            interrupts =
              <0 65 4>, <0 66 4>, <0 67 4>, <0 68 4>, <0 69 4>, <0 70 4>, <0 71 4>, <0 72 4>,
              <0 73 4>;
            smmulator,context-banks = <8>;
            smmulator,stream-mappings = <16>;
            smmulator,stream-id-bits = <15>;
            smmulator,upstream-bits = <36>;
            smmulator,output-bits = <36>;
            smmulator,granules = <0x1000 0x10000>;
            smmulator,address-ops;
            smmulator,boot-streams = <0x00020880>;
            smmulator,guarded-s2crs;
          };
          mdss@ae00000 { compatible = "qcom,sc7280-mdss"; iommus = <&apps 0x880 0x2>; };
          mmc@7c4000 { compatible = "qcom,sdhci-msm-v4"; iommus = <&apps 0xc0 0x0>; };
        };
        """,
        UTF_8);
    return Machine.on(new Boards().load(file.toString())).config(config).boot();
  }
}
