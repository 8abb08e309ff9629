package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.regs.smmuv2.AdrenoPrr;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;

/** The MMU-500: what its reset unlocks, and what Qualcomm puts into ACTLR for which client. */
class Mmu500Test {
  private static final String ARM = "compatible = \"arm,mmu-500\"; #iommu-cells = <1>;";
  private static final String SC7280 =
      "compatible = \"qcom,sc7280-smmu-500\", \"qcom,smmu-500\", \"arm,mmu-500\";"
          + " #iommu-cells = <1>;";
  private static final String SDM845 =
      "compatible = \"qcom,sdm845-smmu-500\", \"arm,mmu-500\"; #iommu-cells = <1>;";
  private static final int FRESH_ACTLR = 0b11;
  private static final int WITHOUT_PREFETCH = 0b01;

  static SmmuV2Config hardware() {
    return PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K, SmmuV2Config.Options.MMU500);
  }

  @Test
  void outOfResetActlrIsLockedAndKeepsItsPrefetcher() throws Exception {
    try (PlainSmmu machine = make(ARM, "")) {
      machine.clockRuns.set(true);
      machine.domainIsOn.set(true);
      assertThat(machine.mmio().read(Gr0.SACR)).isEqualTo(0x400_0000);
      assertThat(machine.mmio().read(Gr0.ID7)).isEqualTo(0x20);

      bank(machine, 0).write(Cb.ACTLR, 0);

      assertThat(bank(machine, 0).read(Cb.ACTLR)).isEqualTo(FRESH_ACTLR);
    }
  }

  @Test
  void resetUnlocksActlrAndTurnsThePrefetcherOff() throws Exception {
    try (PlainSmmu machine = make(ARM, "").probe()) {
      assertThat(machine.mmio().read(Gr0.SACR)).isEqualTo(0x500); // TLB entries for unmatched ones
      for (int i = 0; i < 4; i++) {
        assertThat(bank(machine, i).read(Cb.ACTLR)).isEqualTo(WITHOUT_PREFETCH);
      }
      assertThat(machine.kernel.log().toString()).doesNotContain("prefetcher");
    }
  }

  @Test
  void whereSecureSoftwareKeepsTheLockTheLogSaysSoOnce() throws Exception {
    try (PlainSmmu machine = make(ARM, "")) {
      machine.registers.ignore(Gr0.SACR.offset());
      var _ = machine.probe();
      machine.kernel.run(() -> requireNonNull(machine.smmu.find(ArmSmmuDevice.class)).reset());

      assertThat(machine.kernel.log().stream().filter(line -> line.contains("prefetcher")))
          .containsExactly(
              "platform 1000.iommu: Failed to disable prefetcher for errata workarounds, check"
                  + " SACR.CACHE_LOCK");
    }
  }

  /**
   * Kernel: {@code qcom_smmu_actlr_client_of_match}, whole; who is not in it keeps the reset value.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "qcom,adreno 0x303",
        "qcom,adreno-gmu 0x303",
        "qcom,adreno-smmu 0x303",
        "qcom,fastrpc-compute-cb 0x303",
        "qcom,qcm2290-mdss 0x103",
        "qcom,sa8775p-mdss 0x001",
        "qcom,sc7280-mdss 0x103",
        "qcom,sc7280-venus 0x103",
        "qcom,sc8180x-mdss 0x103",
        "qcom,sc8280xp-mdss 0x103",
        "qcom,sm6115-mdss 0x103",
        "qcom,sm6125-mdss 0x103",
        "qcom,sm6350-mdss 0x103",
        "qcom,sm8150-mdss 0x103",
        "qcom,sm8250-mdss 0x103",
        "qcom,sm8350-mdss 0x103",
        "qcom,sm8450-mdss 0x001",
        "qcom,sm8550-mdss 0x001",
        "qcom,sm8650-mdss 0x001",
        "qcom,sm8750-mdss 0x001",
        "qcom,x1e80100-mdss 0x001",
        "qcom,fastrpc 0x001",
        "qcom,somebody-else 0x001",
      })
  void actlrGoesByTheClient(String client, int actlr) throws Exception {
    assertThat(actlrOf(SC7280, client)).isEqualTo(actlr);
  }

  @Test
  void onlyTheClassThatHasATableGoesByIt() throws Exception {
    assertThat(actlrOf(SDM845, "qcom,adreno")).isEqualTo(WITHOUT_PREFETCH);
    assertThat(actlrOf(ARM, "qcom,adreno")).isEqualTo(WITHOUT_PREFETCH);
  }

  @Test
  void whatAClientWantedIsLostInTheSmmusSleepAsInLinux() throws Exception {
    try (PlainSmmu machine =
        make(SC7280 + " power-domains = <&gdsc>;", "compatible = \"qcom,adreno\";").probe()) {
      machine.pm(0).enable(RuntimePm.Callbacks.none(), false);
      machine.kernel.run(() -> {
        machine.pm(0).get();
        machine.kernel.iommu.attach(
            machine.kernel.iommu.allocPaging(machine.device(0)), machine.device(0));
        assertThat(bank(machine, 0).read(Cb.ACTLR)).isEqualTo(0x303);
        machine.pm(0).put();
        machine.kernel.scheduler.sleep(21_000_000);
        machine.pm(0).get();

        assertThat(bank(machine, 0).read(Cb.ACTLR)).isEqualTo(WITHOUT_PREFETCH);
        assertThat(bank(machine, 0).read(Cb.SCTLR)).isEqualTo(0x1067); // this is not
      });
    }
  }

  @Test
  void theGpuHasPartlyResidentRegionsBehindAnMmu500() throws Exception {
    try (SmmuMachine machine = SmmuMachine.withMmu500("qcom,sc7280-smmu-500")) {
      machine.kernel.run(() -> {
        machine.boot();
        ArmSmmuDomain domain = machine.gpuDomain();
        long iova = 0xffff_0000_0000_0000L;
        machine.kernel.iommu.map(domain, iova, 0x8200_0000L, 0x2000, READ | WRITE);
        AdrenoSmmuPriv.Prr prr = requireNonNull(machine.adreno().prr());
        prr.setAddress(0x8200_1000L);
        machine.kernel.dram.putInt(0x8200_1000L, 7);
        assertThat(machine.master(0).load32(iova + 0x1000)).isEqualTo(7);

        prr.setBit(true);
        machine.master(0).store32(iova + 0x1000, 8);
        machine.master(0).store32(iova, 9);

        assertThat(machine.master(0).load32(iova + 0x1000)).isEqualTo(0);
        assertThat(machine.kernel.dram.getInt(0x8200_1000L)).isEqualTo(7);
        assertThat(machine.kernel.dram.getInt(0x8200_0000L)).isEqualTo(9);
        assertThat(machine.mmio().read(AdrenoPrr.CFG_LADDR)).isEqualTo(0x8200_1000);
        assertThat(machine.mmio().read(AdrenoPrr.CFG_UADDR)).isEqualTo(0);
        assertThat(domain.bank().read(Cb.ACTLR)).isEqualTo(0x323);

        prr.setBit(false);
        assertThat(machine.master(0).load32(iova + 0x1000)).isEqualTo(7);
      });
    }
  }

  @Test
  void noneOnAnSm8250AndNoneBehindAnSmmuV2() throws Exception {
    for (boolean mmu500 : new boolean[] {true, false}) {
      try (SmmuMachine machine =
          mmu500 ? SmmuMachine.withMmu500("qcom,sm8250-smmu-500") : new SmmuMachine()) {
        machine.kernel.run(() -> {
          machine.boot();
          var _ = machine.gpuDomain();
          assertThat(machine.adreno().prr()).isNull();
        });
      }
    }
  }

  private static int actlrOf(String node, String client) throws Exception {
    try (PlainSmmu machine = make(node, "compatible = \"" + client + "\";").probe()) {
      machine.kernel.run(() -> {
        IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(0));
        machine.kernel.iommu.attach(domain, machine.device(0));
        assertThat(domain.place()).isEqualTo("context bank 0");
      });
      return bank(machine, 0).read(Cb.ACTLR);
    }
  }

  private static PlainSmmu make(String node, String client) throws Exception {
    return new PlainSmmu(
        PlainSmmu.Setup.of(hardware())
            .describedAs(node)
            .withDevices(
                "one@1 { %s iommus = <&smmu 1>; }; other@2 { iommus = <&smmu 2>; };"
                    .formatted(client)));
  }

  private static Mmio bank(PlainSmmu machine, int index) {
    return machine.mmio().window(PlainSmmu.PAGES.bankOffset(index), 0x1000);
  }
}
