package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Wire;
import org.smmulator.iommu.TestKernel;
import org.smmulator.kernel.device.ArchDmaSetup;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformServices;
import org.smmulator.kernel.pm.SupplyMap;
import org.smmulator.regs.smmuv2.Gr0;

/** Hardware and firmware that the driver does not take, and what the kernel says of it. */
class SmmuProbeRefusalTest {
  private static final String INTERRUPTS =
      "#global-interrupts = <1>; interrupts = <0 1 4>, <0 2 4>, <0 3 4>;";

  /** Stage 1, AArch64 only, ATS, no coherent walk, 8 SMRs of 15 bits. */
  private static final int ID0 = 0x4b00_1e08;

  /** Two banks, 16 pages. */
  private static final int ID1 = 0x2000_0002;

  /** 40 bits in and out, 49 upstream, 4 KiB granule. */
  private static final int ID2 = 0x1522;

  private static final int SIZE = 0x1_0000;

  @Test
  void whatIsRightIsTaken() throws Exception {
    assertThat(boot(INTERRUPTS, ID0, ID1))
        .containsExactly(
            "probing hardware configuration...",
            "SMMUv2 with:",
            "\tstage 1 translation",
            "\taddress translation ops",
            "\tstream matching with 8 register groups",
            "\t2 context banks (0 stage-2 only)",
            "\tSupported page sizes: 0x40201000",
            "\tStage-1: 48-bit VA -> 40-bit IPA",
            "\tpreserved 0 boot mappings")
        .inOrder();
  }

  @Test
  void firmwareMustCountTheGlobalInterrupts() throws Exception {
    assertThat(boot("interrupts = <0 1 4>, <0 2 4>;", ID0, ID1))
        .containsExactly("error -ENODEV: missing #global-interrupts property");
  }

  @Test
  void thereMustBeAnInterruptBeyondTheGlobalOnes() throws Exception {
    assertThat(boot("#global-interrupts = <2>; interrupts = <0 1 4>, <0 2 4>;", ID0, ID1))
        .containsExactly("error -ENODEV: found 2 interrupts but expected at least 3");
  }

  @Test
  void eachContextBankTakesAnInterrupt() throws Exception {
    assertThat(boot("#global-interrupts = <1>; interrupts = <0 1 4>, <0 2 4>;", ID0, ID1))
        .contains("found only 1 context irq(s) but 2 required");
  }

  @Test
  void hardwareWithoutAStageIsNone() throws Exception {
    ImmutableList<String> said = boot(INTERRUPTS, ID0 & ~(1 << 30), ID1);

    assertThat(said.getLast()).isEqualTo("\tno translation support!");
  }

  @Test
  void streamMatchingTakesRegistersToMatchWith() throws Exception {
    assertThat(boot(INTERRUPTS, ID0 & ~0xff, ID1).getLast())
        .isEqualTo("stream-matching supported, but no SMRs present!");
  }

  @Test
  void thereCannotBeMoreBanksOfStage2ThanBanks() throws Exception {
    assertThat(boot(INTERRUPTS, ID0, ID1 | 3 << 16).getLast())
        .isEqualTo("impossible number of S2 context banks!");
  }

  @Test
  void anotherSizeThanTheHardwareHasIsOnlyWarnedOf() throws Exception {
    ImmutableList<String> said = boot(INTERRUPTS, ID0, ID1, 2 * SIZE);

    assertThat(said)
        .contains("SMMU address space size (0x10000) differs from mapped region size (0x20000)!");
    assertThat(said.getLast()).isEqualTo("\tpreserved 0 boot mappings");
  }

  @Test
  void firmwareKnowsBetterWhetherWalksAreCoherent() throws Exception {
    assertThat(boot(INTERRUPTS + " dma-coherent;", ID0, ID1))
        .containsAtLeast("\tcoherent table walk", "\t(IDR0.CTTW overridden by FW configuration)")
        .inOrder();
    assertThat(boot(INTERRUPTS, ID0 | 1 << 14, ID1))
        .containsAtLeast(
            "\tnon-coherent table walk", "\t(IDR0.CTTW overridden by FW configuration)")
        .inOrder();
    assertThat(boot(INTERRUPTS + " dma-coherent;", ID0 | 1 << 14, ID1))
        .doesNotContain("\t(IDR0.CTTW overridden by FW configuration)");
  }

  private static ImmutableList<String> boot(String properties, int id0, int id1) throws Exception {
    return boot(properties, id0, id1, SIZE);
  }

  /** What the log says of the SMMU; nothing is left over of one that was refused. */
  private static ImmutableList<String> boot(String properties, int id0, int id1, int bytes)
      throws Exception {
    try (TestKernel kernel = new TestKernel(TestKernel.WITHOUT_DMA_LAYER)) {
      SystemBus bus = new SystemBus(kernel.scheduler, 100);
      RegisterFile registers =
          RegisterFile.builder(bytes)
              .readWrite(Gr0.SCR0)
              .constant(Gr0.ID0, id0)
              .constant(Gr0.ID1, id1)
              .constant(Gr0.ID2, ID2)
              .build();
      bus.attach("smmu", 0x500_0000L, bytes, registers, Wire.tiedHigh());
      DriverCore core =
          new DriverCore(
              new PlatformServices(
                  kernel.scheduler, kernel.dmesg, bus, kernel.irqs, new SupplyMap()),
              ImmutableList.of(new ArmSmmuDriver(kernel.services, SmmuDesign.today())),
              kernel.iommu.bus(),
              new ArchDmaSetup.PerDevice());
      kernel.run(() -> {
        core.populate(
            TestKernel.parse(
                """
                /dts-v1/;
                / {
                  #address-cells = <1>;
                  #size-cells = <1>;
                  iommu@5000000 {
                    compatible = "arm,smmu-v2";
                    reg = <0x5000000 0x%x>;
                    #iommu-cells = <1>;
                    %s
                  };
                };
                """
                    .formatted(bytes, properties)));
        core.registerDrivers();
      });
      boolean taken = !kernel.iommu.bus().instances().isEmpty();
      assertThat(registers.get(Gr0.SCR0)).isEqualTo(taken ? 0x1c36 : 0);
      return kernel.log().stream()
          .filter(line -> line.contains("iommu: "))
          .map(line -> line.substring(line.indexOf("iommu: ") + "iommu: ".length()))
          .collect(ImmutableList.toImmutableList());
    }
  }
}
