package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.smmuv3.V3Machine.CARD_SID;
import static org.smmulator.iommu.smmuv3.V3Machine.COPIER_SID;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;
import static org.smmulator.iommu.smmuv3.V3Machine.SCANNER_SID;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.ats.AtsPort.Answer;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.iommu.smmuv3.table.ArmSmmuV3Entry;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.Prot;
import org.smmulator.regs.smmuv3.Cd;
import org.smmulator.regs.smmuv3.Ste;

/**
 * An SMMU that stalls whatever faults, STALL_MODEL 2, whatever firmware says of the device; and
 * devices that can both stall and ask for pages.
 */
class ForcedStallTest {
  private static final long IOVA = 0x1234_5000L;
  private static final long PA = 0x8300_0000L;
  private static final int MAGIC = 0x600d_cafe;
  private static final int PASID = 5;

  private final List<PageRequest> requests = new ArrayList<>();
  private V3Machine machine;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.forced());
    machine.kernel.dram.putInt(PA, MAGIC);
    machine.kernel.run(machine::boot);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void theBootLogHasBothFeatures() {
    assertThat(machine.logFrom("oas").getFirst())
        .isEqualTo("platform 9050000.iommu: oas 48-bit (features 0x001aaf37)");
  }

  @Test
  void aDeviceThatFirmwareDoesNotLetStallIsHeldUpAllTheSame() throws Exception {
    machine.kernel.run(() -> {
      ArmSmmuV3Domain domain = machine.attached(machine.display);
      machine.onPageRequest(request -> {
        requests.add(request);
        machine.kernel.iommu.map(domain, request.addr(), PA, 0x1000, READ);
        return PageResponse.SUCCESS;
      });

      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);

      ArmSmmuV3Entry descriptor = ArmSmmuV3Master.of(machine.display).cdTable().read(0);
      assertThat(Cd.S.isSet(descriptor.word(0))).isTrue();
    });

    assertThat(requests)
        .containsExactly(
            new PageRequest(
                PageRequest.STALLED | PageRequest.LAST_PAGE, 0, 0, PageRequest.READ, IOVA));
  }

  @Test
  void whatNobodyCanHelpIsAbortedAndTheDeviceGoesOn() throws Exception {
    machine.kernel.run(() -> {
      var _ = machine.attached(machine.display);
      BusMaster display = machine.master(DISPLAY_SID);

      assertThat(display.load32(IOVA)).isEqualTo(0);
      assertThat(display.aborted()).isTrue();
      machine.settle();
    });

    assertThat(machine.kernel.log())
        .contains(
            "platform 9050000.iommu: unpriv data read s1 \"Input address caused fault\" stall stag:"
                + " 0x0");
  }

  /** Firmware lists its streams highest first; {@code arm_smmu_insert_master()} sorts them. */
  @Test
  void anAnswerNamesTheLowestStreamHoweverFirmwareListsThem() throws Exception {
    List<Integer> seen = new ArrayList<>();
    machine.kernel.run(() -> {
      Device plotter = machine.device("/plotter@9");
      machine.kernel.iommu.bus().deviceAdded(plotter);
      var _ = machine.attached(plotter);
      machine.kernel.scheduler.process(
          "plotter", () -> seen.add(machine.master(V3Machine.PLOTTER_SID).load32(IOVA)));
      machine.settle();
    });

    assertThat(seen).containsExactly(0);
  }

  /** An answer names the device's first stream, as the kernel's does. */
  @Test
  void aStallInASecondStreamIsNotAnsweredUntilTheSmmuIsTurnedOff() throws Exception {
    List<Integer> seen = new ArrayList<>();
    machine.kernel.run(() -> {
      var _ = machine.attached(machine.display);
      machine.kernel.scheduler.process(
          "second stream", () -> seen.add(machine.master(DISPLAY_SID + 1).load32(IOVA)));
      machine.settle();
      assertThat(seen).isEmpty();

      new ArmSmmuV3Reset(machine.state()).disable();
      machine.settle();
      assertThat(seen).containsExactly(0);
    });
  }

  @Test
  void stageTwoSaysThatItStallsToo() throws Exception {
    machine.kernel.run(() -> {
      IommuOps ops = machine.ops();
      var parent =
          ops.allocPaging(machine.display, DomainType.UNMANAGED, IommuOps.ALLOC_NEST_PARENT);
      machine.kernel.iommu.attach(parent, machine.display);
      machine.onPageRequest(request -> {
        machine.kernel.iommu.map(parent, request.addr(), PA, 0x1000, READ);
        return PageResponse.SUCCESS;
      });

      assertThat(machine.master(DISPLAY_SID).load32(IOVA)).isEqualTo(MAGIC);

      long pa = machine.state().strtab().entryPa(DISPLAY_SID);
      ArmSmmuV3Entry entry = ArmSmmuV3Entry.load(machine.kernel.dram, pa);
      assertThat(Ste.S2S.isSet(entry.word(2))).isTrue();
    });
  }

  /** Elsewhere it is refused without a word; here the hardware leaves no such choice. */
  @Test
  void aDeviceThatOutlivesTheProcessStallsAndIsAborted() throws Exception {
    machine.kernel.run(() -> {
      AddressSpace mm = process();
      long va = mm.mmapAnonymous(0x1000, Prot.READ | Prot.WRITE);
      mm.store(va, 4, MAGIC);
      ArmSmmuV3Sva domain = bound(machine.copier, mm);
      BusMaster copier = machine.master(COPIER_SID).withSubstream(PASID);
      assertThat(copier.load32(va)).isEqualTo(MAGIC);

      domain.released();
      mm.destroy();
      machine.onPageRequest(request -> {
        requests.add(request);
        return PageResponse.INVALID;
      });

      assertThat(copier.load32(va)).isEqualTo(0);
      assertThat(copier.aborted()).isTrue();
      machine.settle();

      long left = ArmSmmuV3Master.of(machine.copier).cdTable().read(PASID).word(0);
      assertThat(Cd.EPD0.isSet(left)).isTrue();
      assertThat(Cd.S.isSet(left)).isTrue();
      assertThat(Cd.R.isSet(left)).isTrue();
    });

    assertThat(requests).hasSize(1);
    assertThat(machine.logFrom("C_BAD")).isEmpty();
  }

  @Test
  void aCardThatAsksForPagesIsAnsweredAsOneThatAsks() throws Exception {
    machine.kernel.run(() -> {
      AddressSpace mm = process();
      long va = mm.mmapAnonymous(0x1000, Prot.READ | Prot.WRITE);
      answerBy(mm);
      var _ = bound(machine.card, mm);

      assertThat(machine.ask(CARD_SID, PASID, va, 1, BusMaster.READ)).isEqualTo(Answer.SUCCESS);
      assertThat(machine.ask(CARD_SID, NO_SUBSTREAM, 0x5000, 1, BusMaster.READ))
          .isEqualTo(Answer.INVALID);
    });

    assertThat(requests.getFirst().isStalled()).isFalse();
  }

  @Test
  void aDeviceThatStallsAndAsksIsAnsweredEachTimeAsItWaits() throws Exception {
    machine.close();
    machine = new V3Machine(V3Machine.full());
    machine.kernel.run(() -> {
      machine.boot();
      Device scanner = machine.addScanner();
      AddressSpace mm = process();
      long va = mm.mmapAnonymous(0x4000, Prot.READ | Prot.WRITE);
      answerBy(mm);
      var _ = bound(scanner, mm);

      assertThat(machine.ask(SCANNER_SID, PASID, va, 1, BusMaster.READ)).isEqualTo(Answer.SUCCESS);
      assertThat(machine.master(SCANNER_SID).withSubstream(PASID).load32(va + 0x1000))
          .isEqualTo(MAGIC);
      assertThat(machine.ask(SCANNER_SID, PASID, va + 0x2000, 1, BusMaster.WRITE))
          .isEqualTo(Answer.SUCCESS);
    });

    assertThat(requests.stream().map(PageRequest::isStalled))
        .containsExactly(false, true, false)
        .inOrder();
  }

  private void answerBy(AddressSpace mm) {
    machine.onPageRequest(request -> {
      requests.add(request);
      mm.store(request.addr(), 4, MAGIC);
      return PageResponse.SUCCESS;
    });
  }

  private AddressSpace process() throws Exception {
    return new AddressSpace(
        machine.kernel.pages,
        machine.kernel.dram,
        machine.kernel.scheduler,
        new Holder.OfProcess(101, "painter[101]"));
  }

  private ArmSmmuV3Sva bound(Device device, AddressSpace mm) throws Exception {
    IommuOps ops = machine.ops();
    ArmSmmuV3Sva domain = (ArmSmmuV3Sva) ops.allocSva(device, mm);
    ops.attachPasid(domain, device, PASID, null);
    return domain;
  }
}
