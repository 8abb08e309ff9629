package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.iommu.smmuv3.V3Machine.CARD_SID;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.ats.DeviceAts;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv3.Cmd;
import org.smmulator.regs.smmuv3.Ste;

/** Devices that keep what the SMMU has told them, and a driver that has them forget it. */
class AtsTest {
  private static final long IOVA = 0x1234_5000L;
  private static final long PA = 0x8300_0000L;
  private static final long OTHER_PA = 0x8301_0000L;
  private static final long PAGE = 0x1000;
  private static final int MAGIC = 0x600d_cafe;

  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.full());
    machine.kernel.dram.putInt(PA, MAGIC);
    machine.kernel.dram.putInt(OTHER_PA, 42);
    machine.kernel.run(machine::boot);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  // ---- what is kept

  @Test
  void aDeviceAsksOnceAndThenKnows() throws Exception {
    machine.kernel.run(() -> {
      ArmSmmuV3Domain domain = machine.attached(machine.card);
      map(domain, IOVA, PA);
      BusMaster card = card();

      assertThat(card.load32(IOVA)).isEqualTo(MAGIC);
      card.store32(IOVA + 8, 7);
      assertThat(card.load32(IOVA + 8)).isEqualTo(7);

      assertThat(machine.link.requests()).isEqualTo(1);
    });
  }

  @Test
  void whatIsUnmappedTheDeviceForgets() throws Exception {
    machine.kernel.run(() -> {
      ArmSmmuV3Domain domain = machine.attached(machine.card);
      map(domain, IOVA, PA);
      BusMaster card = card();
      assertThat(card.load32(IOVA)).isEqualTo(MAGIC);

      var _ = machine.kernel.iommu.unmap(domain, IOVA, PAGE);

      assertThat(card.load32(IOVA)).isEqualTo(0);
      assertThat(card.aborted()).isTrue();
      machine.settle();
    });

    assertThat(machine.logFrom("event: F_TRANSLATION client: 3.card sid: 0x310")).isNotEmpty();
  }

  @Test
  void aDeviceThatIsNotToldGoesOnByWhatTheSmmuHasForgotten() throws Exception {
    machine.kernel.run(() -> {
      ArmSmmuV3Domain domain = machine.attached(machine.card);
      map(domain, IOVA, PA);
      map(domain, IOVA + PAGE, OTHER_PA);
      BusMaster card = card();
      assertThat(card.load32(IOVA)).isEqualTo(MAGIC);
      assertThat(card.load32(IOVA + PAGE)).isEqualTo(42);

      machine.losses.beginOfDevices();
      var _ = machine.kernel.iommu.unmap(domain, IOVA, PAGE);
      machine.losses.end();
      var _ = machine.kernel.iommu.unmap(domain, IOVA + PAGE, PAGE);

      assertThat(card.load32(IOVA)).isEqualTo(MAGIC);
      assertThat(machine.master(CARD_SID).load32(IOVA)).isEqualTo(0); // the SMMU knows better
      assertThat(card.load32(IOVA + PAGE)).isEqualTo(0);

      map(domain, IOVA, OTHER_PA);
      assertThat(card.load32(IOVA)).isEqualTo(MAGIC);
      machine.kernel.iommu.flushIotlbAll(domain);
      assertThat(card.load32(IOVA)).isEqualTo(42);
    });
  }

  @Test
  void anInvalidationForOnePasidLeavesTheOthers() throws Exception {
    machine.kernel.run(() -> {
      ArmSmmuV3Domain one = substream(1, PA);
      ArmSmmuV3Domain two = substream(2, OTHER_PA);
      BusMaster ofOne = card().withSubstream(1);
      BusMaster ofTwo = card().withSubstream(2);
      assertThat(ofOne.load32(IOVA)).isEqualTo(MAGIC);
      assertThat(ofTwo.load32(IOVA)).isEqualTo(42);
      assertThat(machine.link.requests()).isEqualTo(2);

      var _ = machine.kernel.iommu.unmap(one, IOVA, PAGE);

      assertThat(ofTwo.load32(IOVA)).isEqualTo(42);
      assertThat(machine.link.requests()).isEqualTo(2); // it still knew
      assertThat(ofOne.load32(IOVA)).isEqualTo(0);
      assertThat(machine.link.requests()).isEqualTo(3);

      machine.ops().attachPasid(IommuDomain.Fixed.BLOCKED, machine.card, 2, two);
      assertThat(ofTwo.load32(IOVA)).isEqualTo(0);
    });
  }

  // ---- when

  @Test
  void theDeviceBeginsWhenItsEntryIsLiveAndEndsBeforeItIsNot() throws Exception {
    List<String> seen = new ArrayList<>();
    machine.kernel.run(() -> {
      long entry = machine.state().strtab().entryPa(CARD_SID);
      machine.link.onSwitch(what ->
          seen.add(what + ", EATS " + Ste.EATS.get(machine.kernel.dram.getLong(entry + 8))));
      machine.tampering.commands(words -> {
        switch (Cmd.OPCODE.getInt(words[0])) {
          case Cmd.CFGI_STE -> seen.add("entry");
          case Cmd.ATC_INV -> seen.add("invalidation of " + Cmd.ATC_SIZE.get(words[1]));
          default -> {}
        }
      });

      ArmSmmuV3Domain domain = machine.attached(machine.card);
      assertThat(hasAts()).isTrue();
      machine.kernel.iommu.detach(domain, machine.card);
      assertThat(hasAts()).isFalse();
    });

    // From bypass to a table of contexts and back are three updates each.
    assertThat(seen)
        .containsExactly(
            "entry",
            "entry",
            "entry",
            "invalidation of 52",
            "on, EATS 1",
            "off, EATS 1",
            "entry",
            "entry",
            "entry",
            "invalidation of 52")
        .inOrder();
  }

  @Test
  void aDeviceInAnotherDomainIsOnlyToldToForget() throws Exception {
    List<String> seen = new ArrayList<>();
    machine.kernel.run(() -> {
      ArmSmmuV3Domain domain = machine.attached(machine.card);
      map(domain, IOVA, PA);
      BusMaster card = card();
      assertThat(card.load32(IOVA)).isEqualTo(MAGIC);
      machine.link.onSwitch(seen::add);
      ArmSmmuV3Domain next =
          (ArmSmmuV3Domain) machine.ops().allocPaging(machine.card, DomainType.UNMANAGED, 0);
      map(next, IOVA, OTHER_PA);

      machine.ops().attach(next, machine.card, domain);

      assertThat(card.load32(IOVA)).isEqualTo(42);
    });

    assertThat(seen).isEmpty();
  }

  @Test
  void substreamsOfABlockedDeviceHaveAtsAndTheLastOneTakesItAlong() throws Exception {
    machine.kernel.run(() -> {
      ArmSmmuV3Domain domain = substream(1, PA);
      BusMaster card = card();
      assertThat(card.withSubstream(1).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(machine.link.requests()).isEqualTo(1);

      // What has no PASID is its own translation: the default domain is identity.
      assertThat(card.load32(OTHER_PA)).isEqualTo(42);
      assertThat(machine.link.requests()).isEqualTo(2);

      machine.ops().attachPasid(IommuDomain.Fixed.BLOCKED, machine.card, 1, domain);
      assertThat(hasAts()).isFalse();
      assertThat(card.load32(OTHER_PA)).isEqualTo(42);
      assertThat(machine.link.requests()).isEqualTo(2);
    });
  }

  // ---- what goes wrong

  @Test
  void aDeviceThatDoesNotAnswerIsReportedAndTheMachineGoesOn() throws Exception {
    machine.kernel.run(() -> {
      ArmSmmuV3Domain domain = machine.attached(machine.card);
      map(domain, IOVA, PA);
      assertThat(card().load32(IOVA)).isEqualTo(MAGIC);
      machine.link.loseAnswers(true);

      var _ = machine.kernel.iommu.unmap(domain, IOVA, PAGE);

      machine.link.loseAnswers(false);
      map(domain, IOVA, OTHER_PA);
      assertThat(card().load32(IOVA)).isEqualTo(42);
      var _ = machine.kernel.iommu.unmap(domain, IOVA, PAGE);
      assertThat(card().load32(IOVA)).isEqualTo(0);
    });

    List<String> said = machine.logFrom("unexpected global error");
    assertThat(said.get(0))
        .isEqualTo(
            "platform 9050000.iommu: unexpected global error reported (0x00000001), this could be"
                + " serious");
    assertThat(said.get(1))
        .matches(
            "platform 9050000.iommu: CMDQ error \\(cons 0x030000..\\): ATC invalidate timeout");
    assertThat(machine.logFrom("CMD_SYNC timeout")).isEmpty();
  }

  @Test
  void aTranslatedAccessOfADeviceThatMayNotIsRefusedAndRecorded() throws Exception {
    machine.kernel.run(() -> {
      assertThat(machine.model.translated(CARD_SID, PA, BusMaster.READ)).isEqualTo(ABORT);
      machine.settle();

      var _ = machine.attached(machine.card);
      assertThat(machine.model.translated(CARD_SID, PA, BusMaster.READ)).isEqualTo(PA);
    });

    assertThat(machine.logFrom("event")).contains("platform 9050000.iommu: event 0x07 received:");
  }

  @Test
  void aDeviceThatAsksThoughItMayNotIsRefusedAndRecorded() throws Exception {
    machine.kernel.run(() -> {
      var port = machine.cardPort.mmio();
      port.write32(4, 1 << 31); // nobody told it to

      BusMaster card = card();
      assertThat(card.load32(PA)).isEqualTo(0);
      assertThat(card.aborted()).isTrue();
      machine.settle();
    });

    assertThat(machine.logFrom("event")).contains("platform 9050000.iommu: event 0x05 received:");
  }

  @Test
  void anUntrustedDeviceHasNoAtsWhateverItSays() {
    machine.card.dma().setUntrusted(true);

    assertThat(DeviceAts.of(machine.card)).isNull();
  }

  // ---- pages that are missing

  @Test
  void aMissingPageIsAskedForAndThenTheTranslation() throws Exception {
    List<PageRequest> requests = new ArrayList<>();
    machine.kernel.run(() -> {
      ArmSmmuV3Domain domain = machine.attached(machine.addAdapter());
      machine.onPageRequest(request -> {
        requests.add(request);
        map(domain, request.addr(), PA);
        return PageResponse.SUCCESS;
      });
      BusMaster adapter = machine.caching(machine.adapterPort);

      assertThat(adapter.load32(IOVA)).isEqualTo(MAGIC);
      assertThat(adapter.load32(IOVA)).isEqualTo(MAGIC);
      assertThat(machine.link.requests()).isEqualTo(2); // before the page was there, and after
    });

    assertThat(requests)
        .containsExactly(new PageRequest(PageRequest.LAST_PAGE, 0, 0, PageRequest.READ, IOVA));
    assertThat(machine.logFrom("event")).isEmpty();
  }

  // ---- helpers

  private boolean hasAts() {
    return requireNonNull(DeviceAts.of(machine.card)).isEnabled();
  }

  private BusMaster card() {
    return machine.caching(machine.cardPort);
  }

  private void map(IommuDomain.Paging domain, long iova, long pa) throws ErrnoException {
    machine.kernel.iommu.map(domain, iova, pa, PAGE, READ | WRITE);
  }

  private ArmSmmuV3Domain substream(int pasid, long pa) throws ErrnoException {
    ArmSmmuV3Domain domain =
        (ArmSmmuV3Domain) machine.ops().allocPaging(machine.card, DomainType.UNMANAGED, 0);
    map(domain, IOVA, pa);
    machine.ops().attachPasid(domain, machine.card, pasid, null);
    return domain;
  }
}
