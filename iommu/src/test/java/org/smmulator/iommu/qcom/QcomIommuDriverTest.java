package org.smmulator.iommu.qcom;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.hw.bus.SecureMonitor;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/** The driver on the real model, over MMIO: what it writes, and what the hardware then does. */
class QcomIommuDriverTest {
  private static final long IOVA = 0x4000_0000L;
  private static final long PA = 0x8200_0000L;
  private static final int MAGIC = 0x600d_cafe;

  private final QcomMachine machine;

  QcomIommuDriverTest() throws Exception {
    machine = new QcomMachine().boot();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void allBanksOfAMasterWalkTheSameTableEachUnderItsOwnNumber() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = attached(machine.mdp);
      machine.kernel.iommu.map(domain, IOVA, PA, 4096, READ | WRITE);
      machine.kernel.dram.putInt(PA, MAGIC);

      assertThat(machine.port(1).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(machine.port(2).load32(IOVA)).isEqualTo(MAGIC);
      assertThat(ttbr0(1) >>> 48).isEqualTo(1);
      assertThat(ttbr0(2) >>> 48).isEqualTo(2);
      assertThat(domain.place()).isEqualTo("context bank 1, 2");

      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 4096)).isEqualTo(4096);
      assertThat(machine.port(1).load32(IOVA)).isEqualTo(0);
      assertThat(machine.port(2).load32(IOVA)).isEqualTo(0);
    });
  }

  @Test
  void tablesAreLongDescriptorsOf32BitsWithPagesOf4K() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = attached(machine.mdp);

      assertThat(domain.pgsizeBitmap()).isEqualTo(0x1000);
      assertThat(domain.geometry()).isEqualTo(new IommuGeometry(0, 0xffff_ffffL, true));
      assertThat(read(1, CbAArch32.TCR.offset()) >>> 31).isEqualTo(1);
      assertThat(read(1, Cb.SCTLR.offset())).isEqualTo(0x10e7);
    });
  }

  @Test
  void aSecureBankIsClosedUntilFirmwareIsAsked() throws Exception {
    assertThat(machine.model.bank(QcomMachine.SECURE_BANK).read32(Cb.SCTLR.offset())).isEqualTo(0);
    machine.model.bank(QcomMachine.SECURE_BANK).write32(Cb.ACTLR.offset(), 1);
    assertThat(machine.model.bank(QcomMachine.SECURE_BANK).read32(Cb.ACTLR.offset())).isEqualTo(0);

    machine.kernel.run(() -> {
      IommuDomain.Paging domain = attached(machine.venus);
      machine.kernel.iommu.map(domain, IOVA, PA, 4096, READ);
      machine.kernel.dram.putInt(PA, MAGIC);

      assertThat(machine.port(QcomMachine.SECURE_BANK).load32(IOVA)).isEqualTo(MAGIC);
    });
  }

  @Test
  void firmwareKnowsNoOtherCallAndNoOtherBank() {
    assertThat(machine.firmware.call(0x0c, 0x02, 17, 9)).isEqualTo(-22);
    assertThat(machine.firmware.call(0x0c, 0x02, 18, 1)).isEqualTo(-22);
    assertThat(machine.firmware.call(0x0c, 0x03, 0, 0)).isEqualTo(SecureMonitor.NOT_SUPPORTED);
  }

  @Test
  void theInstanceSleepsUnlessSomethingTouchesIt() throws Exception {
    machine.kernel.run(() -> {
      QcomMachine.sleep(machine.mdp);
      QcomMachine.sleep(machine.venus);
      IommuDomain.Paging domain = attached(machine.mdp);
      assertThat(machine.clock.isHigh()).isFalse();

      machine.kernel.iommu.map(domain, IOVA, PA, 4096, READ);
      assertThat(machine.kernel.iommu.unmap(domain, IOVA, 4096)).isEqualTo(4096);

      assertThat(machine.clock.isHigh()).isFalse();
    });
  }

  /** Kernel: {@code dev_err_ratelimited()} of {@code qcom_iommu_fault()}. */
  @Test
  void aStormOfFaultsIsToldTenTimesInFiveSeconds() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = attached(machine.mdp);
      machine.kernel.iommu.setFaultHandler(
          domain, (of, device, iova, flags) -> FaultResponse.HANDLED);
      for (int i = 0; i < 15; i++) {
        machine.port(1).store32(IOVA + 0x1234, 1);
        machine.settle();
      }
    });

    assertThat(log()).hasSize(10);
  }

  @Test
  void aFaultStallsAndIsTerminatedAndOnlyAHandledOneIsCalledUnhandled() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = attached(machine.mdp);
      BusMaster port = machine.port(1);

      port.store32(IOVA + 0x1234, 1);
      assertThat(port.aborted()).isTrue();
      machine.settle();
      assertThat(log()).isEmpty();

      machine.kernel.iommu.setFaultHandler(
          domain, (of, device, iova, flags) -> FaultResponse.HANDLED);
      port.store32(IOVA + 0x1234, 1);
      machine.settle();
      assertThat(log())
          .containsExactly(
              "platform 1000.context1: Unhandled context fault: fsr=0x40000202,"
                  + " iova=0x0000000040001234, fsynr=0x11, cb=1");
    });
  }

  /** As with arm-smmu: FSR, then RESUME. Kernel: {@code qcom_iommu_fault()}. */
  @Test
  void aFaultIsClearedBeforeTheStalledAccessGoesOn() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging _ = attached(machine.mdp);
      var _ = machine.takeStores();

      machine.port(1).store32(IOVA + 0x1234, 1);
      machine.settle();

      assertThat(machine.takeStores()).containsExactly("58=40000202", "8=1").inOrder();
    });
  }

  @Test
  void aDomainIsOneMastersAndItsMasterMayComeBack() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = attached(machine.mdp);
      machine.kernel.iommu.map(domain, IOVA, PA, 4096, READ);
      machine.kernel.dram.putInt(PA, MAGIC);
      ErrnoException refused =
          assertThrows(
              ErrnoException.class, () -> machine.kernel.iommu.attach(domain, machine.venus));
      assertThat(refused.errno()).isEqualTo(Errno.EINVAL);

      machine.kernel.iommu.detach(domain, machine.mdp);
      assertThat(machine.port(1).load32(PA)).isEqualTo(MAGIC);
      machine.kernel.iommu.attach(domain, machine.mdp);

      assertThat(machine.port(2).load32(IOVA)).isEqualTo(MAGIC);
    });
  }

  @Test
  void whenATableGoesTheBanksForgetTheWayToItAndNotOnlyItsLeaves() throws Exception {
    machine.kernel.run(() -> {
      IommuDomain.Paging domain = attached(machine.mdp);
      machine.kernel.iommu.map(domain, IOVA, PA, 0x2000, READ);
      machine.kernel.iommu.map(domain, IOVA + (2 << 20), PA + 0x4000, 0x2000, READ);
      machine.kernel.dram.putInt(PA + 0x1000, 1);
      machine.kernel.dram.putInt(PA + 0x5000, 2);
      var _ = machine.port(1).load32(IOVA); // the banks know the way from here on
      var _ = machine.port(2).load32(IOVA);
      long linkPa = (ttbr0(1) & 0xffff_ffe0L) + 8 * (IOVA >>> 30); // level 1, 1 GiB an entry
      linkPa = machine.kernel.dram.getLong(linkPa) & 0xff_ffff_f000L; // level 2, 2 MiB an entry
      machine.kernel.dram.putLong(linkPa, machine.kernel.dram.getLong(linkPa + 8));
      QcomIommuFlushOps flush = new QcomIommuFlushOps(QcomIommuMaster.of(machine.mdp).contexts());

      flush.addPage(new IotlbGather(), IOVA + 0x1000, 0x1000);
      flush.sync();
      assertThat(machine.port(1).load32(IOVA + 0x1000)).isEqualTo(1);
      flush.addPage(new IotlbGather(), IOVA + 0x1000, 0x1000);
      flush.flushWalk(IOVA, 2 << 20, 0x1000);

      assertThat(machine.port(1).load32(IOVA + 0x1000)).isEqualTo(2);
      assertThat(machine.port(2).load32(IOVA + 0x1000)).isEqualTo(2);
    });
  }

  @Test
  void aBankWhoseSyncNeverEndsIsReportedAfterFiveSecondsAndTheRestGoesOn() throws Exception {
    try (QcomMachine stuck = new QcomMachine(20_000_000_000L).boot()) {
      stuck.kernel.run(() -> {
        IommuDomain.Paging domain = stuck.kernel.iommu.allocPaging(stuck.venus);
        stuck.kernel.iommu.attach(domain, stuck.venus);
        stuck.kernel.iommu.map(domain, IOVA, PA, 4096, READ);
        stuck.kernel.dram.putInt(PA, MAGIC);
        assertThat(stuck.port(QcomMachine.SECURE_BANK).load32(IOVA)).isEqualTo(MAGIC);
        int before = stuck.kernel.log().size();
        long start = stuck.kernel.scheduler.nowNs();

        assertThat(stuck.kernel.iommu.unmap(domain, IOVA, 4096)).isEqualTo(4096);

        assertThat(stuck.kernel.scheduler.nowNs() - start).isAtLeast(5_000_000_000L);
        assertThat(stuck.kernel.log().subList(before, before + 1))
            .containsExactly("platform 3000.context3: timeout waiting for TLB SYNC");
        assertThat(stuck.port(QcomMachine.SECURE_BANK).load32(IOVA)).isEqualTo(MAGIC);
        stuck.kernel.scheduler.sleep(20_000_000_000L);
        assertThat(stuck.port(QcomMachine.SECURE_BANK).load32(IOVA)).isEqualTo(0);
        stuck.settle();
      });
    }
  }

  private IommuDomain.Paging attached(Device master) throws ErrnoException {
    IommuDomain.Paging domain = machine.kernel.iommu.allocPaging(master);
    machine.kernel.iommu.attach(domain, master);
    return domain;
  }

  private int read(int bank, int offset) {
    return machine.model.bank(bank).read32(offset);
  }

  private long ttbr0(int bank) {
    return machine.model.bank(bank).read64(Cb.TTBR0.offset());
  }

  private ImmutableList<String> log() {
    return machine.kernel.log().stream()
        .filter(line -> line.contains("fault"))
        .collect(ImmutableList.toImmutableList());
  }
}
