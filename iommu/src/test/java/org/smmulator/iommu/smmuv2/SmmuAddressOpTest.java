package org.smmulator.iommu.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.smmuv2.SmmuV2Config.Stage1.GRANULE_4K;
import static org.smmulator.iommu.prot.IommuProt.READ;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.smmuv2.SmmuV2Config;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.contract.IommuHarness;

/**
 * The driver asks the hardware where an iova leads, and waits 50 us for the answer. Four levels are
 * walked; how long one takes differs.
 */
class SmmuAddressOpTest {
  private static final long IOVA = 0x1000_0000L;
  private static final long PA = IommuHarness.FREE_MEMORY;
  private static final int ATS1PR = 0x800;

  @Test
  void anAnswerWithin50MicrosecondsIsTheHardwares() throws Exception {
    assertThat(ask(10_000, IOVA + 0x123).found).isEqualTo(PA + 0x123);
    assertThat(ask(10_000, IOVA).said).isEmpty();
  }

  @Test
  void whatTheHardwareDoesNotFindIsAFaultInTheLog() throws Exception {
    Answer answer = ask(10_000, IOVA + 0x1000);

    assertThat(answer.found).isEqualTo(0);
    assertThat(answer.said)
        .containsExactly(
            "platform 1000.iommu: translation fault!", "platform 1000.iommu: PAR = 0x3")
        .inOrder();
  }

  @Test
  void afterThatSoftwareWalksForItself() throws Exception {
    Answer answer = ask(20_000, IOVA + 0x123);

    assertThat(answer.found).isEqualTo(PA + 0x123);
    assertThat(answer.said)
        .containsExactly(
            "platform 1000.iommu: iova to phys timed out on 0x0000000010000123. Falling back to"
                + " software table walk.");
    assertThat(ask(20_000, IOVA + 0x1000).found).isEqualTo(0);
  }

  private record Answer(long found, ImmutableList<String> said) {}

  private static Answer ask(long levelNs, long iova) throws Exception {
    SmmuV2Config hardware =
        new SmmuV2Config(
            new SmmuV2Config.Streams(8, 10),
            new SmmuV2Config.Banks(4, 0, PlainSmmu.PAGES),
            PlainSmmu.stage1(49, GRANULE_4K, PlainSmmu.STAGE_1),
            PlainSmmu.STAGE_1,
            new SmmuV2Config.Costs(Tlb.UNBOUNDED, Tlb.NONE, 2, levelNs, 50, 1_000));
    try (PlainSmmu machine = new PlainSmmu(PlainSmmu.Setup.of(hardware)).probe()) {
      long[] found = new long[1];
      int before = machine.kernel.log().size();
      machine.kernel.run(() -> {
        IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(machine.device(0));
        machine.kernel.iommu.attach(domain, machine.device(0));
        machine.kernel.iommu.map(domain, IOVA, PA, 0x1000, READ);
        var _ = machine.registers.takeStores();
        found[0] = machine.kernel.iommu.iovaToPhys(domain, iova);
        assertThat(machine.registers.takeStores())
            .containsExactly("cb0+%x=%x".formatted(ATS1PR, iova & -4096));
      });
      ImmutableList<String> log = machine.kernel.log();
      return new Answer(found[0], log.subList(before, log.size()));
    }
  }
}
