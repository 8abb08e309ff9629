package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;

import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.contract.IommuHarness;
import org.smmulator.regs.smmuv2.Gr0;

/** What becomes of streams that nobody knows: {@code arm-smmu.disable_bypass}. */
class DisableBypassTest {
  private static final int STRANGER = 77;
  private static final long PA = IommuHarness.FREE_MEMORY;

  @Test
  void byDefaultTheyAreRefusedAndTheLogSaysHowToAllowThem() throws Exception {
    try (PlainSmmu machine = new PlainSmmu(setup()).probe()) {
      assertThat(machine.mmio().read(Gr0.SCR0)).isEqualTo(0x1c36); // with USFCFG
      assertThat(machine.mmio().read(Gr0.S2CR, 5)).isEqualTo(0x2_0000); // FAULT

      assertThat(load(machine)).isEqualTo(0);
      assertThat(machine.kernel.log())
          .contains(
              "platform 1000.iommu: Blocked unknown Stream ID 0x4d; boot with"
                  + " \"arm-smmu.disable_bypass=0\" to allow, but this may have security"
                  + " implications");
    }
  }

  @Test
  void withZeroTheyPassAndNothingIsSaid() throws Exception {
    try (PlainSmmu machine = new PlainSmmu(setup().lettingUnknownStreamsPass()).probe()) {
      assertThat(machine.mmio().read(Gr0.SCR0)).isEqualTo(0x1836); // without
      assertThat(machine.mmio().read(Gr0.S2CR, 5)).isEqualTo(0x1_0000); // BYPASS
      int before = machine.kernel.log().size();

      assertThat(load(machine)).isEqualTo(7);
      assertThat(machine.kernel.log()).hasSize(before);
    }
  }

  @Test
  void whoLeavesIsAStrangerAgain() throws Exception {
    try (PlainSmmu machine = new PlainSmmu(setup().lettingUnknownStreamsPass()).probe()) {
      machine.kernel.run(() -> machine.kernel.iommu.bus().deviceRemoved(machine.device(0)));

      assertThat(machine.mmio().read(Gr0.S2CR, 0)).isEqualTo(0x1_0000);
      assertThat(machine.mmio().read(Gr0.SMR, 0) & 1 << 31).isEqualTo(0);
    }
  }

  private static PlainSmmu.Setup setup() {
    return PlainSmmu.Setup.of(PlainSmmu.config(PlainSmmu.STAGE_1, GRANULE_4K));
  }

  private static int load(PlainSmmu machine) throws Exception {
    int[] loaded = new int[1];
    machine.kernel.dram.putInt(PA, 7);
    machine.kernel.run(() -> {
      loaded[0] = new BusMaster(machine.kernel.dram, machine.model, STRANGER).load32(PA);
      machine.settle();
    });
    return loaded[0];
  }
}
