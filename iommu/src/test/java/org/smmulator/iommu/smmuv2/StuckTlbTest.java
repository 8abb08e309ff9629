package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;
import static org.smmulator.iommu.prot.IommuProt.READ;

import org.junit.jupiter.api.Test;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.contract.IommuHarness;

/** Hardware whose syncs stay active for ten seconds: the driver says so after one, and goes on. */
class StuckTlbTest {
  private static final long STUCK_NS = 10_000_000_000L;
  private static final String TIMED_OUT =
      "platform 1000.iommu: TLB sync timed out -- SMMU may be deadlocked";
  private static final long IOVA = 0x1000_0000L;
  private static final long PA = IommuHarness.FREE_MEMORY;

  @Test
  void anUnmapTimesOutLeavesAStaleEntryAndEverythingGoesOn() throws Exception {
    SmmuV2Config hardware =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 10),
            new SmmuV2Config.Banks(4, 0, PlainSmmu.PAGES),
            PlainSmmu.stage1(49, GRANULE_4K, PlainSmmu.STAGE_1),
            PlainSmmu.STAGE_1,
            new SmmuV2Config.Costs(Tlb.UNBOUNDED, 64, 2, 20, 50, STUCK_NS));
    try (PlainSmmu machine = new PlainSmmu(PlainSmmu.Setup.of(hardware)).probe()) {
      assertThat(machine.kernel.log()).contains(TIMED_OUT); // the reset waits, too
      machine.kernel.run(() -> {
        machine.kernel.scheduler.sleep(STUCK_NS);
        IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(0));
        machine.kernel.iommu.attach(domain, machine.device(0));
        machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
        machine.kernel.dram.putInt(PA, 7);
        assertThat(machine.master(0).load32(IOVA)).isEqualTo(7);
        int before = machine.kernel.log().size();
        long start = machine.kernel.scheduler.nowNs();

        assertThat(machine.kernel.iommu.unmap(domain, IOVA, 0x1000)).isEqualTo(0x1000);

        long waited = machine.kernel.scheduler.nowNs() - start;
        assertThat(waited).isAtLeast(1_000_000_000L);
        assertThat(waited).isLessThan(1_200_000_000L);
        assertThat(machine.kernel.log().subList(before, before + 1)).containsExactly(TIMED_OUT);
        assertThat(machine.master(0).load32(IOVA)).isEqualTo(7); // still in the TLB
        machine.kernel.iommu.map(domain, IOVA + 0x1000, PA, 0x1000, READ);
        assertThat(machine.master(0).load32(IOVA + 0x1000)).isEqualTo(7);

        machine.kernel.scheduler.sleep(STUCK_NS);
        assertThat(machine.master(0).load32(IOVA)).isEqualTo(0);
        machine.settle();
      });
    }
  }
}
