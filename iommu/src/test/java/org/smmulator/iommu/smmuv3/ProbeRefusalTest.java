package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.bus.SystemBus;
import org.smmulator.hw.bus.Wire;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.TestKernel;
import org.smmulator.kernel.device.ArchDmaSetup;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.device.PlatformServices;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.SupplyMap;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Hardware and firmware that the driver does not take, and what it says then. */
class ProbeRefusalTest {
  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.full());
  }

  @AfterEach
  void close() {
    machine.close();
  }

  /** Fields of ID registers, by their places in the manual. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IDR0|22|21|1|unknown/unsupported TT endianness!",
        "IDR0|22|21|3|unknown/unsupported TT endianness!", // big endian
        "IDR0|1|0|0|no translation support!",
        "IDR0|3|2|0|AArch64 table format not supported!",
        "IDR0|3|2|1|AArch64 table format not supported!", // AArch32 only
        "IDR1|28|28|1|embedded implementation not supported",
        "IDR1|29|29|1|embedded implementation not supported",
        "IDR1|30|30|1|embedded implementation not supported",
        "IDR1|25|21|6|command queue size <= 64 entries not supported",
        "IDR1|25|21|0|command queue size <= 64 entries not supported",
      })
  void anSmmuThatTheDriverCannotUseIsNoDevice(
      String register, int high, int low, int value, String line) throws Exception {
    tell(register, high, low, value);
    machine.kernel.run(() -> {
      ErrnoException e = assertThrows(ErrnoException.class, machine::probe);
      assertThat(e.errno()).isEqualTo(Errno.ENXIO);
    });

    assertThat(machine.kernel.log().getLast()).isEqualTo("platform 9050000.iommu: " + line);
    assertThat(machine.stores.take()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IDR0|22|21|0|oas 48-bit (features 0x001a8f3f)", // both endiannesses
        "IDR0|3|2|3|oas 48-bit (features 0x001a8f37)", // AArch32 too
        "IDR0|4|4|0|IDR0.COHACC overridden by FW configuration (true)",
        "IDR0|25|24|1|oas 48-bit (features 0x001a8737)", // no stalls
        "IDR1|25|21|7|allocated 128 entries for cmdq",
        "IDR5|2|0|7|unknown output address size. Truncating to 48-bit",
        "IDR5|2|0|6|oas 52-bit (features 0x001a8f37)",
        "IDR5|11|10|1|oas 48-bit (features 0x001acf37)", // 52 bits come in
        "IDR3|12|11|2|oas 48-bit (features 0x011a8f37)", // BBM level 2
        "IDR0|7|6|1|oas 48-bit (features 0x003a8f37)", // access flag
        "IDR0|7|6|2|oas 48-bit (features 0x007a8f37)", // and dirty flag
        "IDR0|10|10|0|oas 48-bit (features 0x001a8f17)", // no ATS
        "IDR0|12|12|0|oas 48-bit (features 0x00188f37)", // too few ASIDs for SVA
        "IDR0|13|13|1|oas 48-bit (features 0x001a8fb7)", // messages
        "IDR0|14|14|1|oas 48-bit (features 0x001a8f77)", // SEV
        "IDR0|16|16|0|oas 48-bit (features 0x001a8f27)", // no page requests
        "IDR0|25|24|2|oas 48-bit (features 0x001aaf37)", // stalls are forced
        "IDR1|5|0|9|oas 48-bit (features 0x001a8f37)",
        "IDR1|5|0|8|oas 48-bit (features 0x001a8f36)", // one span of the two-level table
        "IDR1|27|27|0|oas 48-bit (features 0x000a8f37)", // no override of types
        "IDR3|8|8|1|oas 48-bit (features 0x009a8f37)", // forced write-back
        "IDR3|10|10|0|oas 48-bit (features 0x001a0f37)", // no invalidation of ranges
        "IDR5|2|0|4|oas 44-bit (features 0x00188f37)", // fewer than the CPUs have, for SVA
        "IDR5|4|4|0|oas 48-bit (features 0x00188f37)", // no 4 KiB for SVA
      })
  void anUnusualOneIsTaken(String register, int high, int low, int value, String line)
      throws Exception {
    tell(register, high, low, value);
    machine.kernel.run(machine::probe);

    assertThat(machine.kernel.log()).contains("platform 9050000.iommu: " + line);
  }

  /**
   * {@code pgsize_bitmap} of {@code arm_smmu_device_hw_probe()}: the granules, and their blocks.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 5, 40201000",
    "2, 5, 2004000",
    "4, 5, 20010000",
    "7, 5, 62215000",
    "1, 6, 40040201000", // 52 bits: 4 TiB too
  })
  void pagesAreAsTheGranulesSay(int granules, int outputSize, String sizes) throws Exception {
    int others = machine.model.mmio().read32(SmmuV3Regs.IDR5.offset()) & ~0x77;
    machine.tampering.answer(SmmuV3Regs.IDR5, others | granules << 4 | outputSize);
    machine.kernel.run(machine::probe);

    assertThat(Long.toHexString(machine.state().features().pgsizeBitmap())).isEqualTo(sizes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                    |0x20000|missing #iommu-cells property",
        "#iommu-cells = <2>; |0x20000|invalid #iommu-cells value (2)",
        "#iommu-cells = <0>; |0x20000|invalid #iommu-cells value (0)",
        "#iommu-cells = <1>; |0x10000|MMIO region too small ([mem 0x09050000-0x0905ffff])",
      },
      ignoreLeadingAndTrailingWhitespace = false)
  void aNodeThatIsNotOneOfAnSmmuV3IsInvalid(String cells, String bytes, String line)
      throws Exception {
    assertThat(logOfNode(cells, bytes))
        .containsAtLeast(
            "arm-smmu-v3 9050000.iommu: " + line,
            "arm-smmu-v3 9050000.iommu: probe with driver arm-smmu-v3 failed with error -22")
        .inOrder();
  }

  @Test
  void whatTheHardwareLacksIsNotAFailureThatIsReported() throws Exception {
    // All registers read as zero.
    assertThat(logOfNode("#iommu-cells = <1>; dma-coherent;", "0x20000"))
        .contains("arm-smmu-v3 9050000.iommu: no translation support!");
    assertThat(machine.logFrom("probe with driver")).isEmpty();
  }

  private void tell(String register, int high, int low, int value) {
    Reg32 reg =
        switch (register) {
          case "IDR0" -> SmmuV3Regs.IDR0;
          case "IDR1" -> SmmuV3Regs.IDR1;
          case "IDR3" -> SmmuV3Regs.IDR3;
          default -> SmmuV3Regs.IDR5;
        };
    int mask = ((1 << (high - low + 1)) - 1) << low;
    int was = machine.model.mmio().read32(reg.offset());
    machine.tampering.answer(reg, (was & ~mask) | value << low);
  }

  /** Boots a kernel that finds the node on its bus. */
  private ImmutableList<String> logOfNode(String properties, String bytes) throws Exception {
    TestKernel kernel = machine.kernel;
    SystemBus bus = new SystemBus(kernel.scheduler, 50);
    bus.attach(
        "smmu",
        0x905_0000L,
        Integer.decode(bytes),
        RegisterFile.builder(Integer.decode(bytes)).build(),
        Wire.tiedHigh());
    DriverCore devices =
        new DriverCore(
            new PlatformServices(kernel.scheduler, kernel.dmesg, bus, kernel.irqs, new SupplyMap()),
            ImmutableList.of(machine.driver),
            kernel.iommu.bus(),
            new ArchDmaSetup.PerDevice());
    kernel.run(() -> {
      devices.populate(
          TestKernel.parse(
              """
              /dts-v1/;
              / {
                #address-cells = <2>;
                #size-cells = <2>;
                iommu@9050000 {
                  compatible = "arm,smmu-v3";
                  reg = <0 0x9050000 0 %s>;
                  %s
                };
              };
              """
                  .formatted(bytes, properties)));
      devices.registerDrivers();
      devices.lateInitcall();
    });
    return kernel.log();
  }
}
