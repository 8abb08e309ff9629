package org.smmulator.iommu.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.smmuv3.V3Machine.CARD_SID;
import static org.smmulator.iommu.smmuv3.V3Machine.COPIER_SID;
import static org.smmulator.iommu.smmuv3.V3Machine.DISPLAY_SID;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.ats.AtsPort.Answer;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuOps;
import org.smmulator.iommu.PageRequest;
import org.smmulator.iommu.PageResponse;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.mm.AddressSpace;
import org.smmulator.kernel.mm.PageOwner.Holder;
import org.smmulator.kernel.mm.Prot;

/** A process's own table under a PASID, and what happens where it has no page yet. */
class SharedTableTest {
  private static final int MAGIC = 0x600d_cafe;
  private static final int PAGE = 0x1000;
  private static final int PASID = 5;

  private final List<PageRequest> requests = new ArrayList<>();
  private V3Machine machine;
  private AddressSpace mm;
  private long va;

  @BeforeEach
  void make() throws Exception {
    machine = new V3Machine(V3Machine.full());
    machine.kernel.run(machine::boot);
    mm = process(101, "painter[101]");
    va = mm.mmapAnonymous(16 * PAGE, Prot.READ | Prot.WRITE);
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void processAndDeviceSeeTheSameBytesAtTheSameAddress() throws Exception {
    machine.kernel.run(() -> {
      mm.store(va, 4, MAGIC);
      var _ = bound(mm, PASID);
      BusMaster copier = machine.master(COPIER_SID).withSubstream(PASID);

      assertThat(copier.load32(va)).isEqualTo(MAGIC);
      copier.store32(va + 8, 42);
      assertThat(mm.load(va + 8, 4)).isEqualTo(42);
    });
  }

  @Test
  void aPageThatIsNotThereYetHoldsTheDeviceUpUntilItIs() throws Exception {
    machine.onPageRequest(request -> {
      requests.add(request);
      mm.store(request.addr(), 4, MAGIC);
      return PageResponse.SUCCESS;
    });
    machine.kernel.run(() -> {
      var _ = bound(mm, PASID);
      BusMaster copier = machine.master(COPIER_SID).withSubstream(PASID);

      assertThat(copier.load32(va + PAGE)).isEqualTo(MAGIC);
      copier.store32(va + 2 * PAGE, 42);
      assertThat(mm.load(va + 2 * PAGE, 4)).isEqualTo(42);
    });

    int flags = PageRequest.STALLED | PageRequest.LAST_PAGE | PageRequest.PASID_VALID;
    assertThat(requests)
        .containsExactly(
            new PageRequest(flags, PASID, 0, PageRequest.READ, va + PAGE),
            new PageRequest(flags, PASID, 0, PageRequest.WRITE, va + 2 * PAGE))
        .inOrder();
    assertThat(machine.logFrom("event")).isEmpty();
  }

  @Test
  void aPageThatWillNeverBeThereAbortsTheDevice() throws Exception {
    machine.onPageRequest(_ -> PageResponse.INVALID);
    machine.kernel.run(() -> {
      var _ = bound(mm, PASID);
      BusMaster copier = machine.master(COPIER_SID).withSubstream(PASID);

      assertThat(copier.load32(0x4000)).isEqualTo(0);
      assertThat(copier.aborted()).isTrue();
    });
  }

  @Test
  void whatTheProcessUnmapsTheDeviceForgets() throws Exception {
    machine.kernel.run(() -> {
      mm.store(va, 4, MAGIC);
      ArmSmmuV3Sva domain = bound(mm, PASID);
      BusMaster copier = machine.master(COPIER_SID).withSubstream(PASID);
      assertThat(copier.load32(va)).isEqualTo(MAGIC);

      mm.munmap(va, PAGE);
      domain.invalidate(va, PAGE);

      assertThat(copier.load32(va)).isEqualTo(0);
      assertThat(copier.aborted()).isTrue();
    });
  }

  @Test
  void aDeviceThatOutlivesTheProcessIsRefusedWithoutAWord() throws Exception {
    machine.kernel.run(() -> {
      mm.store(va, 4, MAGIC);
      ArmSmmuV3Sva domain = bound(mm, PASID);
      BusMaster copier = machine.master(COPIER_SID).withSubstream(PASID);
      assertThat(copier.load32(va)).isEqualTo(MAGIC);

      domain.released();
      mm.destroy();

      assertThat(copier.load32(va)).isEqualTo(0);
      assertThat(copier.aborted()).isTrue();
      machine.settle();
    });

    assertThat(machine.logFrom("event")).isEmpty();
  }

  @Test
  void twoProcessesHaveTheSameAddressUnderTwoPasids() throws Exception {
    machine.kernel.run(() -> {
      AddressSpace other = process(102, "reader[102]");
      assertThat(other.mmapAnonymous(16 * PAGE, Prot.READ | Prot.WRITE)).isEqualTo(va);
      mm.store(va, 4, 1);
      other.store(va, 4, 2);
      ArmSmmuV3Sva one = bound(mm, PASID);
      ArmSmmuV3Sva two = bound(other, 3000); // in another second level
      BusMaster copier = machine.master(COPIER_SID);

      assertThat(copier.withSubstream(PASID).load32(va)).isEqualTo(1);
      assertThat(copier.withSubstream(3000).load32(va)).isEqualTo(2);
      assertThat(one.invs().id()).isNotEqualTo(two.invs().id());

      machine.ops().attachPasid(IommuDomain.Fixed.BLOCKED, machine.copier, 3000, two);
      assertThat(machine.faulting).containsExactly("1.copier");
      assertThat(copier.withSubstream(3000).load32(va)).isEqualTo(0);
      assertThat(copier.withSubstream(PASID).load32(va)).isEqualTo(1);

      machine.ops().attachPasid(IommuDomain.Fixed.BLOCKED, machine.copier, PASID, one);
      assertThat(machine.faulting).isEmpty();
    });
  }

  @Test
  void aCardThatAsksForPagesIsAnsweredByGroup() throws Exception {
    machine.onPageRequest(request -> {
      requests.add(request);
      mm.store(request.addr(), 4, MAGIC);
      return PageResponse.SUCCESS;
    });
    machine.kernel.run(() -> {
      IommuOps ops = machine.ops();
      ops.attachPasid(ops.allocSva(machine.card, mm), machine.card, PASID, null);

      assertThat(machine.model.translationRequest(CARD_SID, PASID, va, BusMaster.READ))
          .isEqualTo(0L);
      assertThat(machine.ask(CARD_SID, PASID, va, 2, BusMaster.READ)).isEqualTo(Answer.SUCCESS);
      assertThat(machine.model.translationRequest(CARD_SID, PASID, va, BusMaster.READ))
          .isGreaterThan(0L);
    });

    assertThat(requests).hasSize(2);
    assertThat(requests.get(0).isLast()).isFalse();
    assertThat(requests.get(1).isLast()).isTrue();
    assertThat(requests.get(1).addr()).isEqualTo(va + PAGE);
  }

  @Test
  void aDeviceThatMayNotAskIsToldToStop() throws Exception {
    machine.kernel.run(() ->
        assertThat(machine.ask(DISPLAY_SID, -1, 0x5000, 1, BusMaster.WRITE))
            .isEqualTo(Answer.FAILURE));

    assertThat(machine.logFrom("unexpected PRI"))
        .containsExactly(
            "platform 9050000.iommu: unexpected PRI request received:",
            "platform 9050000.iommu: \tsid 0x00000020.0x00000: [0L] unprivileged W access at iova"
                + " 0x0000000000005000");
  }

  @Test
  void anSmmuWithNarrowTagsSharesNoTable() throws Exception {
    try (V3Machine narrow = new V3Machine(V3Machine.narrowTags())) {
      narrow.kernel.run(() -> {
        narrow.boot();
        ErrnoException refused =
            assertThrows(
                ErrnoException.class,
                () ->
                    narrow
                        .ops()
                        .allocSva(
                            narrow.copier,
                            new AddressSpace(
                                narrow.kernel.pages,
                                narrow.kernel.dram,
                                narrow.kernel.scheduler,
                                new Holder.OfProcess(101, "painter[101]"))));
        assertThat(refused.errno()).isEqualTo(Errno.EOPNOTSUPP);
      });
    }
  }

  private AddressSpace process(int pid, String name) throws ErrnoException {
    return new AddressSpace(
        machine.kernel.pages,
        machine.kernel.dram,
        machine.kernel.scheduler,
        new Holder.OfProcess(pid, name));
  }

  private ArmSmmuV3Sva bound(AddressSpace process, int pasid) throws ErrnoException {
    IommuOps ops = machine.ops();
    ArmSmmuV3Sva domain = (ArmSmmuV3Sva) ops.allocSva(machine.copier, process);
    ops.attachPasid(domain, machine.copier, pasid, null);
    return domain;
  }
}
