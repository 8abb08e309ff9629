package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.READ;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.ExternalAbort;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.pm.RuntimePm;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;

/**
 * An SMMU that loses its power while no master is awake: software's copy brings it back, and every
 * access of the driver happens while it is awake.
 */
class SleepingSmmuTest {
  private static final long IOVA = 0x1000_0000L;
  private static final long PA = IommuHarness.FREE_MEMORY;

  private PlainSmmu machine;

  @BeforeEach
  void boot() throws Exception {
    machine = PlainSmmu.sleeping(PlainSmmu.STAGE_1, SmmuV2Config.Stage1.GRANULE_4K).probe();
    machine.kernel.dram.putInt(PA, 7);
    for (int i = 0; i < 2; i++) {
      machine.pm(i).enable(RuntimePm.Callbacks.none(), false);
    }
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void withNoMasterAwakeItIsOffAndTouchingItAborts() throws Exception {
    machine.kernel.run(() -> {
      assertThat(machine.clockRuns.isHigh()).isFalse();
      assertThat(machine.domainIsOn.isHigh()).isFalse();
      assertThat(machine.master(0).load32(PA)).isEqualTo(0);
      assertThat(machine.master(0).aborted()).isTrue();

      ExternalAbort abort = assertThrows(ExternalAbort.class, () -> machine.mmio().read(Gr0.ID0));
      assertThat(abort).hasMessageThat().contains("read of unclocked smmu at offset 0x20");
    });
  }

  @Test
  void aMasterThatWakesUpFindsItAsSoftwareLeftIt() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(0));
      machine.kernel.iommu.attach(domain, machine.device(0));
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      assertAsleepSoon(machine);

      machine.pm(0).get();
      assertThat(machine.master(0).load32(IOVA)).isEqualTo(7);
      assertThat(machine.mmio().read(Gr0.SCR0)).isEqualTo(0x1c36);
      machine.pm(0).put();
      assertAsleepSoon(machine);

      machine.pm(0).get();
      assertThat(machine.master(0).load32(IOVA)).isEqualTo(7);
      machine.pm(0).put();
    });
  }

  @Test
  void whatIsUnmappedInItsSleepIsGoneWhenItWakes() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(0));
      machine.kernel.iommu.attach(domain, machine.device(0));
      machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
      machine.pm(0).get();
      assertThat(machine.master(0).load32(IOVA)).isEqualTo(7);
      machine.pm(0).put();

      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 0x1000)).isEqualTo(0x1000);

      machine.pm(0).get();
      assertThat(machine.master(0).load32(IOVA)).isEqualTo(0);
      machine.settle();
      machine.pm(0).put();
    });
  }

  @Test
  void itStaysAwakeUntilTheLastMasterSleeps() throws Exception {
    machine.kernel.run(() -> {
      machine.pm(0).get();
      machine.pm(1).get();
      machine.pm(0).put();
      assertThat(machine.clockRuns.isHigh()).isTrue();

      machine.pm(1).put();
      assertThat(machine.clockRuns.isHigh()).isFalse();
    });
  }

  /** Kernel: {@code qcom_adreno_smmu_set_stall()}, {@code qcom_adreno_smmu_write_sctlr()}. */
  @Test
  void whetherFaultsStallSurvivesItsSleep() throws Exception {
    try (PlainSmmu adreno =
        new PlainSmmu(
                PlainSmmu.Setup.of(
                        PlainSmmu.config(PlainSmmu.STAGE_1, SmmuV2Config.Stage1.GRANULE_4K))
                    .describedAs(
                        "compatible = \"qcom,sdm845-smmu-v2\", \"qcom,adreno-smmu\","
                            + " \"qcom,smmu-v2\"; #iommu-cells = <1>; power-domains = <&gdsc>;")
                    .withStreams(0, 5))
            .probe()) {
      RuntimePm gpu = adreno.pm(0);
      gpu.enable(RuntimePm.Callbacks.none(), false);
      adreno.kernel.run(() -> {
        IommuDomain.Paging domain = adreno.kernel.iommu.allocPaging(adreno.device(0));
        adreno.kernel.iommu.attach(domain, adreno.device(0));
        AdrenoSmmuPriv priv = requireNonNull(adreno.device(0).find(AdrenoSmmuPriv.class));

        assertAsleepSoon(adreno);
        priv.setStall(true);
        assertThat(adreno.clockRuns.isHigh()).isFalse();
        assertThat(stallsOnceAwake(adreno, gpu)).isTrue();
        assertThat(stallsOnceAwake(adreno, gpu)).isTrue();

        gpu.get();
        priv.setStall(false);
        gpu.put();
        assertThat(stallsOnceAwake(adreno, gpu)).isFalse();

        gpu.get();
        priv.setStall(true);
        gpu.put();
        assertThat(stallsOnceAwake(adreno, gpu)).isTrue();
      });
    }
  }

  /** Once a domain is attached it sleeps 20 ms after its last use. */
  private static void assertAsleepSoon(PlainSmmu machine) {
    machine.kernel.scheduler.sleep(19_000_000);
    assertThat(machine.clockRuns.isHigh()).isTrue();
    machine.kernel.scheduler.sleep(2_000_000);
    assertThat(machine.clockRuns.isHigh()).isFalse();
  }

  private static boolean stallsOnceAwake(PlainSmmu machine, RuntimePm gpu) throws ErrnoException {
    gpu.get();
    Mmio bank0 = machine.mmio().window(PlainSmmu.PAGES.bankOffset(0), 0x1000);
    boolean stalls = Cb.SCTLR_CFCFG.isSet(bank0.read(Cb.SCTLR));
    gpu.put();
    return stalls;
  }

  @Test
  void everythingThatTheDriverDoesWakesItFirst() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(0));
      machine.kernel.iommu.attach(domain, machine.device(0));
      machine.kernel.iommu.map(domain, IOVA, PA, 0x20_0000, READ);
      assertThat(machine.kernel.iommu.iovaToPhys(domain, IOVA + 8)).isEqualTo(PA + 8);
      machine.kernel.iommu.flushIotlbAll(domain);
      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 0x20_0000)).isEqualTo(0x20_0000);
      machine.kernel.iommu.detach(domain, machine.device(0));
      machine.kernel.iommu.free(domain);
      machine.kernel.iommu.bus().deviceRemoved(machine.device(1));

      assertAsleepSoon(machine);
    });
  }
}
