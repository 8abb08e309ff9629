package org.smmulator.iommu.dma;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.MMIO;
import static org.smmulator.iommu.prot.IommuProt.NOEXEC;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.errno.Errno.EEXIST;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.EOPNOTSUPP;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuPolicy;
import org.smmulator.iommu.ReservedRegion;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * The argument of 2018, as stories: what each lookup of the domain does to a driver that has
 * attached a domain of its own.
 */
@NullUnmarked // a story boots the machine that it needs
class DomainLookupTest {
  private static final long PA = 0x8010_0000L;
  private static final long OTHER_PA = 0x8020_0000L;
  private static final long DOORBELL = 0x0801_0040L;
  private static final long FAULT = TableDriver.FAULT;

  /** Where the DMA API puts the first page of a device with a 32-bit mask. */
  private static final long FIRST_IOVA = 0xffff_f000L;

  private DmaMachine machine;
  private TableDriver driver;
  private Device usb;

  private void boot(IommuPolicy policy, DomainLookup lookup) throws Exception {
    machine = new DmaMachine(policy, lookup);
    driver = machine.driver;
    usb = machine.usb;
  }

  @AfterEach
  void shutDown() {
    machine.close();
  }

  private interface Story {
    void tell(TableDriver.Domain home, TableDriver.Domain own) throws Exception;
  }

  /** The device's driver makes a domain and attaches it; {@code blessed}: with a DMA cookie. */
  private void withOwnDomain(boolean blessed, Story story) throws Exception {
    machine.run(() -> {
      TableDriver.Domain home = driver.domainOf(usb);
      IommuDomain.Paging own = machine.iommu.allocPaging(usb);
      if (blessed) {
        machine.layer.adopt(own);
      }
      machine.iommu.attach(own, usb);
      story.tell(home, (TableDriver.Domain) own);
    });
  }

  // ---- a driver that made a domain for the DMA API to map into, as Exynos DRM did

  @Test
  void ownDomainUnderDefaultLookupIsMappedWhereTheDeviceDoesNotLook() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DefaultDomain());
    withOwnDomain(
        true,
        (home, own) -> {
          long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);

          assertThat(home.leaves.keySet()).containsExactly(at);
          assertThat(own.leaves).isEmpty();
          assertThat(driver.translate(usb, at)).isEqualTo(FAULT);
        });
  }

  @Test
  void ownDomainUnderAttachedLookupWorks() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.AttachedDomain());
    withOwnDomain(
        true,
        (home, own) -> {
          long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);

          assertThat(home.leaves).isEmpty();
          assertThat(driver.translate(usb, at)).isEqualTo(PA);

          machine.dma.unmapPage(usb, at, 0x1000, TO_DEVICE);
          assertThat(own.leaves).isEmpty();
        });
  }

  @Test
  void ownDomainUnderDmaTypeOnlyIsBrokenForGood() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DmaTypeOnly());
    withOwnDomain(
        true,
        (home, own) -> {
          long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);

          assertThat(at).isEqualTo(PA); // direct: but the IOMMU is on, and maps nothing there
          assertThat(driver.translate(usb, at)).isEqualTo(FAULT);
        });
  }

  @Test
  void theDefaultDomainItselfWorksUnderEveryLookup() throws Exception {
    theDefaultDomainWorksUnder(new DomainLookup.DefaultDomain());
    machine.close();
    theDefaultDomainWorksUnder(new DomainLookup.AttachedDomain());
    machine.close();
    theDefaultDomainWorksUnder(new DomainLookup.DmaTypeOnly());
  }

  private void theDefaultDomainWorksUnder(DomainLookup lookup) throws Exception {
    boot(DmaMachine.STRICT, lookup);
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);
      assertThat(at).isEqualTo(FIRST_IOVA);
      assertThat(driver.translate(usb, at)).isEqualTo(PA);
    });
  }

  // ---- a driver that maps its domain itself and wants the DMA API for coherency only, as msm does

  @Test
  void coherencyCallsUnderDefaultLookupFillADomainThatNobodyUses() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DefaultDomain());
    withOwnDomain(
        false,
        (home, own) -> {
          machine.iommu.map(own, FIRST_IOVA, PA, 0x1000, READ | WRITE);
          assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(FIRST_IOVA);

          assertThat(home.leaves).hasSize(1);
          assertThat(own.leaves).hasSize(1);
          assertThat(driver.translate(usb, FIRST_IOVA))
              .isEqualTo(PA); // by the driver's own mapping
        });
  }

  @Test
  void coherencyCallsUnderAttachedLookupCollideWithTheDriversAddresses() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.AttachedDomain());
    withOwnDomain(
        false,
        (home, own) -> {
          machine.iommu.map(own, FIRST_IOVA, PA, 0x1000, READ | WRITE);
          assertThat(machine.dma.mapPage(usb, OTHER_PA, 0x1000, TO_DEVICE))
              .isEqualTo(DmaOps.MAPPING_ERROR);

          // And the other way round: what the DMA API took is no longer the driver's to map.
          assertThat(machine.iommu.unmap(own, FIRST_IOVA, 0x1000)).isEqualTo(0x1000);
          assertThat(machine.dma.mapPage(usb, OTHER_PA, 0x1000, TO_DEVICE)).isEqualTo(FIRST_IOVA);
          assertThat(refusal(() -> machine.iommu.map(own, FIRST_IOVA, PA, 0x1000, READ | WRITE)))
              .isEqualTo(EEXIST);
        });
  }

  @Test
  void coherencyCallsUnderDmaTypeOnlyAreDirectAndTouchNoTable() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DmaTypeOnly());
    withOwnDomain(
        false,
        (home, own) -> {
          machine.iommu.map(own, FIRST_IOVA, PA, 0x1000, READ | WRITE);
          assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(PA);

          machine.dma.unmapPage(usb, PA, 0x1000, TO_DEVICE);
          assertThat(home.leaves).isEmpty();
          assertThat(driver.translate(usb, FIRST_IOVA)).isEqualTo(PA);
        });
  }

  // ---- what a lookup costs

  @Test
  void theFastPathTakesNoReferenceAndNoTime() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DefaultDomain());
    assertThat(timeOfAThousandMaps()).isEqualTo(0);
  }

  @Test
  void eachCallUnderAttachedLookupTakesAReferenceAndPaysForTheLineTwice() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.AttachedDomain());
    assertThat(timeOfAThousandMaps())
        .isEqualTo(2_000 * 2 * DomainLookup.AttachedDomain.CONTENDED_LINE_NS);
    assertThat(requireNonNull(machine.iommu.groupOf(usb)).referencesTaken()).isEqualTo(2_000);
  }

  private long timeOfAThousandMaps() throws Exception {
    long[] took = new long[1];
    machine.run(() -> {
      machine.scheduler.point();
      long begin = machine.scheduler.nowNs();
      for (int i = 0; i < 1_000; i++) {
        long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);
        machine.dma.unmapPage(usb, at, 0x1000, TO_DEVICE);
      }
      machine.scheduler.point();
      took[0] = machine.scheduler.nowNs() - begin;
    });
    return took[0];
  }

  // ---- interrupts by message

  @Test
  void doorbellsAreMappedOnceInADomainOfTheDmaApi() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DefaultDomain());
    machine.run(() -> {
      long at = machine.doorbells.addressFor(usb, DOORBELL);

      assertThat(at).isEqualTo(FIRST_IOVA + 0x40);
      assertThat(driver.translate(usb, at)).isEqualTo(DOORBELL);
      assertThat(driver.domainOf(usb).leaves.get(FIRST_IOVA).prot())
          .isEqualTo(WRITE | NOEXEC | MMIO);
      assertThat(machine.doorbells.addressFor(usb, DOORBELL + 4)).isEqualTo(at + 4);
      assertThat(driver.domainOf(usb).leaves).hasSize(1);
    });
  }

  @Test
  void aDoorbellIsMappedInTheDriversOwnDomainIfThatHasRoomForIt() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DefaultDomain()); // which the MSI path does not ask
    withOwnDomain(
        false,
        (home, own) -> {
          IommuMsiDoorbells.makeCookie(own, 0x800_0000);
          long at = machine.doorbells.addressFor(usb, DOORBELL);

          assertThat(at).isEqualTo(0x800_0040L);
          assertThat(driver.translate(usb, at)).isEqualTo(DOORBELL);
          assertThat(home.leaves).isEmpty();
          assertThat(machine.doorbells.addressFor(usb, 0x0900_0000)).isEqualTo(0x800_1000L);
        });
  }

  @Test
  void withoutRoomForItADoorbellIsWrittenUntranslatedAndFaults() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.AttachedDomain());
    withOwnDomain(
        false,
        (home, own) -> {
          long at = machine.doorbells.addressFor(usb, DOORBELL);

          assertThat(at).isEqualTo(DOORBELL);
          assertThat(driver.translate(usb, at)).isEqualTo(FAULT);
        });
  }

  /** Kernel: {@code iommu_dma_prepare_msi()}. */
  @Test
  void todayItIsRefusedInstead() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DefaultDomain());
    withOwnDomain(
        false,
        (home, own) -> {
          ErrnoException refused =
              assertThrows(ErrnoException.class, () -> machine.doorbells.addressFor(usb, DOORBELL));

          assertThat(refused.errno()).isEqualTo(EOPNOTSUPP);
        });
  }

  @Test
  void inPassthroughADoorbellIsWhereItIs() throws Exception {
    boot(DmaMachine.PASSTHROUGH, new DomainLookup.DefaultDomain());
    machine.run(() -> assertThat(machine.doorbells.addressFor(usb, DOORBELL)).isEqualTo(DOORBELL));
  }

  @Test
  void doorbellsThatHardwareDoesNotTranslateKeepTheirAddress() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DefaultDomain());
    driver.reserved =
        ImmutableList.of(new ReservedRegion(0x0801_0000, 0x2000, 0, ReservedRegion.Kind.MSI));
    machine.run(() -> {
      assertThat(machine.doorbells.addressFor(usb, DOORBELL)).isEqualTo(DOORBELL);
      assertThat(driver.domainOf(usb).leaves).isEmpty();
    });
  }

  @Test
  void onlyADomainThatItsOwnerMapsGetsRoomForDoorbells() throws Exception {
    boot(DmaMachine.STRICT, new DomainLookup.DefaultDomain());
    withOwnDomain(
        true,
        (home, own) -> {
          assertThat(refusal(() -> IommuMsiDoorbells.makeCookie(home, 0x800_0000)))
              .isEqualTo(EINVAL);
          assertThat(refusal(() -> IommuMsiDoorbells.makeCookie(own, 0x800_0000)))
              .isEqualTo(EEXIST);
        });
  }

  private interface Attempt {
    void run() throws ErrnoException;
  }

  private static Errno refusal(Attempt attempt) {
    return assertThrows(ErrnoException.class, attempt::run).errno();
  }
}
