package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;
import static org.smmulator.iommu.prot.IommuProt.READ;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * A Qualcomm SMMU that is not in front of a GPU, beside one of the architecture: a display, stream
 * 1, that a boot loader has left on, and a host controller, stream 2.
 */
class QcomSmmuTest {
  private static final String QCOM =
      "compatible = \"qcom,sc7180-smmu-v2\", \"qcom,smmu-v2\"; #iommu-cells = <1>;";
  private static final String ARM = "compatible = \"arm,smmu-v2\"; #iommu-cells = <1>;";
  private static final String OLDEST =
      "compatible = \"qcom,msm8996-smmu-v2\", \"qcom,smmu-v2\"; #iommu-cells = <1>;";
  private static final String DEVICES =
      """
      one@1 { compatible = "qcom,sdm845-mdss"; iommus = <&smmu 1>; };
      other@2 { compatible = "qcom,sdhci-msm-v4"; iommus = <&smmu 2>; };
      """;

  private static final ImmutableIntArray NOBODY = ImmutableIntArray.of();
  private static final ImmutableIntArray SPLASH = ImmutableIntArray.of(1);
  private static final int LAST_BANK = 3;
  private static final long IOVA = 0x1000_0000L;
  private static final long PA = IommuHarness.FREE_MEMORY;
  private static final int FRAME = 0xf4a3e;

  private PlainSmmu machine;

  QcomSmmuTest() throws Exception {
    machine = make(QCOM, NOBODY, false);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void whenATableGoesItsWholeAsidIsForgotten() throws Exception {
    ImmutableList<String> qcom = storesWhenATableGoes(QCOM);
    assertThat(qcom).contains("cb0+610=0"); // TLBIASID
    assertThat(qcom).doesNotContain("cb0+600=10000"); // TLBIVA
    assertThat(storesWhenATableGoes(ARM)).contains("cb0+600=10000");
    assertThat(storesWhenATableGoes(OLDEST)).contains("cb0+600=10000");
  }

  @Test
  void aDisplayPassesByDefaultAndOthersAreTranslated() throws Exception {
    boot(setup(QCOM, NOBODY, false).underPolicy(TestKernel.WITH_DMA_LAYER));
    assertThat(machine.kernel.iommu.domainOf(machine.device(0)))
        .isEqualTo(IommuDomain.Fixed.IDENTITY);
    assertThat(machine.kernel.iommu.domainOf(machine.device(1))).isInstanceOf(ArmSmmuDomain.class);

    boot(setup(ARM, NOBODY, false).underPolicy(TestKernel.WITH_DMA_LAYER));
    assertThat(machine.kernel.iommu.domainOf(machine.device(0))).isInstanceOf(ArmSmmuDomain.class);
  }

  @Test
  void whatABootLoaderShowsStaysOnTheScreen() throws Exception {
    bindAlone(QCOM, SPLASH, false);

    assertThat(show()).isEqualTo(FRAME);
    assertThat(machine.mmio().read(Gr0.SMR, 0)).isEqualTo(0x8000_0001);
    assertThat(machine.mmio().read(Gr0.S2CR, 0)).isEqualTo(0x1_00ff); // BYPASS, no bank
    assertThat(machine.mmio().read(Gr0.S2CR, 1)).isEqualTo(0x2_0000); // FAULT
  }

  @Test
  void theArchitecturesDriverDarkensTheScreen() throws Exception {
    bindAlone(ARM, SPLASH, false);

    assertThat(show()).isEqualTo(0);
    assertThat(machine.mmio().read(Gr0.SMR, 0) & 1 << 31).isEqualTo(0);
  }

  @Test
  void theDisplaysDriverTakesTheBootLoadersEntryOver() throws Exception {
    boot(setup(QCOM, SPLASH, false));
    machine.kernel.run(() -> {
      assertThat(machine.master(0).load32(PA)).isEqualTo(FRAME);
      IommuDomain.Paging domain = attached();
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);

      assertThat(machine.master(0).load32(IOVA)).isEqualTo(FRAME);
      assertThat(machine.mmio().read(Gr0.SMR, 0)).isEqualTo(0x8000_0001);
      assertThat(machine.mmio().read(Gr0.SMR, 1)).isEqualTo(0x8000_0002); // the other's
      assertThat(machine.mmio().read(Gr0.SMR, 2)).isEqualTo(0);
    });
  }

  @Test
  void underFirmwareThatWatchesS2crsTheLastBankLetsThingsPass() throws Exception {
    bindAlone(QCOM, SPLASH, true);

    assertThat(machine.mmio().read(Gr0.S2CR, 0)).isEqualTo(LAST_BANK); // TRANS, through it
    assertThat(machine.mmio().read(Gr0.S2CR, 1)).isEqualTo(0x2_00ff); // FAULT after all
    assertThat(machine.mmio().window(0x1000, 0x1000).read(Gr1.CBAR, LAST_BANK)).isEqualTo(0x1_0000);
    assertThat(show()).isEqualTo(FRAME);
  }

  @Test
  void thatBankIsNobodyElses() throws Exception {
    boot(setup(QCOM, NOBODY, true));
    machine.kernel.run(() -> {
      for (int bank = 0; bank < LAST_BANK; bank++) {
        IommuDomain.Paging domain = attached();
        assertThat(domain.place()).isEqualTo("context bank " + bank);
        machine.kernel.iommu.detach(domain, machine.device(0));
      }

      ErrnoException full = assertThrows(ErrnoException.class, this::attached);
      assertThat(full.errno()).isEqualTo(Errno.ENOSPC);
      assertThat(machine.master(0).load32(PA)).isEqualTo(FRAME); // and it passes
    });
  }

  @Test
  void theArchitecturesDriverCannotLetAnythingPassUnderThatFirmware() throws Exception {
    boot(setup(ARM, NOBODY, true));

    assertThat(machine.kernel.iommu.domainOf(machine.device(0)))
        .isEqualTo(IommuDomain.Fixed.IDENTITY);
    assertThat(show()).isEqualTo(0);
  }

  private IommuDomain.Paging attached() throws ErrnoException {
    IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(0));
    machine.kernel.iommu.attach(domain, machine.device(0));
    return domain;
  }

  /** What the display reads of the frame that lies at its physical address. */
  private int show() throws Exception {
    int[] seen = new int[1];
    machine.kernel.run(() -> {
      seen[0] = machine.master(0).load32(PA);
      machine.settle();
    });
    return seen[0];
  }

  private ImmutableList<String> storesWhenATableGoes(String node) throws Exception {
    boot(setup(node, NOBODY, false));
    ImmutableList.Builder<String> stores = ImmutableList.builder();
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = attached();
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      var _ = machine.kernel.iommu.unmap(domain, IOVA, 0x1000);
      var _ = machine.registers.takeStores();
      machine.kernel.iommu.map(domain, IOVA, PA, 0x20_0000, READ); // a block for the table
      stores.addAll(machine.registers.takeStores());
    });
    return stores.build();
  }

  /** The driver binds to the SMMU, and neither device is there yet. */
  private void bindAlone(String node, ImmutableIntArray bootStreams, boolean guarded)
      throws Exception {
    machine.close();
    machine = make(node, bootStreams, guarded);
    machine.kernel.run(machine::bind);
  }

  private void boot(PlainSmmu.Setup setup) throws Exception {
    machine.close();
    machine = new PlainSmmu(setup).probe();
    machine.kernel.dram.putInt(PA, FRAME);
  }

  private static PlainSmmu make(String node, ImmutableIntArray bootStreams, boolean guarded)
      throws Exception {
    PlainSmmu made = new PlainSmmu(setup(node, bootStreams, guarded));
    made.kernel.dram.putInt(PA, FRAME);
    return made;
  }

  private static PlainSmmu.Setup setup(
      String node, ImmutableIntArray bootStreams, boolean guarded) {
    SmmuV2Config hardware =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 10, bootStreams, guarded),
            new SmmuV2Config.Banks(LAST_BANK + 1, 0, PlainSmmu.PAGES),
            PlainSmmu.stage1(49, GRANULE_4K, PlainSmmu.STAGE_1),
            PlainSmmu.STAGE_1,
            PlainSmmu.SLOW_INVALIDATION);
    return PlainSmmu.Setup.of(hardware).describedAs(node).withDevices(DEVICES);
  }
}
