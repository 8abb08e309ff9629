package org.smmulator.iommu.dma;

import static com.google.common.truth.Truth.assertThat;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.prot.IommuProt.CACHE;
import static org.smmulator.iommu.prot.IommuProt.MMIO;
import static org.smmulator.iommu.prot.IommuProt.PRIV;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;
import static org.smmulator.kernel.dma.DmaDirection.BIDIRECTIONAL;
import static org.smmulator.kernel.dma.DmaDirection.FROM_DEVICE;
import static org.smmulator.kernel.dma.DmaDirection.TO_DEVICE;
import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ENOMEM;

import com.google.common.collect.ImmutableList;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smmulator.iommu.DomainType;
import org.smmulator.iommu.IommuGeometry;
import org.smmulator.iommu.ReservedRegion;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.device.DmaRange;
import org.smmulator.kernel.dma.CoherentBuffer;
import org.smmulator.kernel.dma.DmaAttr;
import org.smmulator.kernel.dma.DmaDirection;
import org.smmulator.kernel.dma.DmaOps;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;

/** The DMA API over an IOMMU: where things are mapped, with what rights, and when they are gone. */
class IommuDmaTest {
  private static final long PA = 0x8010_0000L;
  private static final long FAULT = TableDriver.FAULT;

  private DmaMachine machine;
  private TableDriver driver;
  private Device usb;

  @BeforeEach
  void strict() throws Exception {
    use(new DmaMachine(DmaMachine.STRICT));
  }

  private void use(DmaMachine other) {
    if (machine != null) {
      machine.close();
    }
    machine = other;
    driver = other.driver;
    usb = other.usb;
  }

  @AfterEach
  void shutDown() {
    machine.close();
  }

  // ---- runs

  @Test
  void aMappedRunIsReachedAtItsAddressAndNotAfterwards() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, PA + 0x123, 0x1000, TO_DEVICE);

      // Two granules below 4 GiB, aligned to two; the offset within the granule is kept.
      assertThat(at).isEqualTo(0xffff_e123L);
      assertThat(driver.translate(usb, at)).isEqualTo(PA + 0x123);
      assertThat(driver.translate(usb, at + 0xfff)).isEqualTo(PA + 0x1122);
      assertThat(driver.translate(machine.video, at)).isEqualTo(FAULT);

      machine.dma.unmapPage(usb, at, 0x1000, TO_DEVICE);
      assertThat(driver.translate(usb, at)).isEqualTo(FAULT);
      assertThat(machine.dma.mapPage(usb, PA, 0x1001, TO_DEVICE)).isEqualTo(0xffff_e000L);
    });
  }

  @Test
  void directionAndAttributesDecideWhatTheDeviceMayDo() throws Exception {
    machine.run(() -> {
      assertThat(protOf(TO_DEVICE, DmaAttr.NONE)).isEqualTo(READ);
      assertThat(protOf(FROM_DEVICE, DmaAttr.NONE)).isEqualTo(WRITE);
      assertThat(protOf(BIDIRECTIONAL, DmaAttr.PRIVILEGED)).isEqualTo(READ | WRITE | PRIV);

      usb.dma().setCoherent(true);
      assertThat(protOf(BIDIRECTIONAL, DmaAttr.NONE)).isEqualTo(READ | WRITE | CACHE);
      assertThat(protOf(TO_DEVICE, DmaAttr.MMIO)).isEqualTo(READ | MMIO);
    });
  }

  private int protOf(DmaDirection direction, int attrs) {
    long at = machine.dma.mapPage(usb, PA, 0x1000, direction, attrs);
    return requireNonNull(driver.domainOf(usb).leaves.get(at)).prot();
  }

  @Test
  void theDevicesMaskAndTheDomainsEndLimitTheIova() throws Exception {
    driver.geometryOfNext = new IommuGeometry(0, (1L << 39) - 1, true);
    machine.run(() -> {
      usb.dma().setMask(-1L);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(0x7f_ffff_f000L);

      usb.dma().setMask((1L << 36) - 1);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(0xf_ffff_f000L);

      usb.dma().setMask(0xffff);
      assertThat(machine.dma.mapPage(usb, PA, 0xf000, TO_DEVICE)).isEqualTo(DmaOps.MAPPING_ERROR);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(0xf000);
    });
  }

  @Test
  void theBusAboveLimitsTheIovaToo() throws Exception {
    machine.run(() -> {
      usb.dma().setMask(-1L);
      usb.dma().setBusLimit(0x7fff_ffffL);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(0x7fff_f000L);
    });
  }

  @Test
  void coherentMemoryHasAMaskOfItsOwn() throws Exception {
    machine.run(() -> {
      usb.dma().setMask(0xffff_ffffL);
      usb.dma().setCoherentMask(0xf_ffffL);

      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(0xffff_f000L);
      assertThat(machine.dma.allocCoherent(usb, 0x1000).dmaAddress()).isEqualTo(0xf_f000L);
      assertThat(machine.dma.allocCoherent(usb, 0x3000).dmaAddress()).isEqualTo(0xf_8000L);
    });
  }

  @Test
  void aBusThatShowsNothingOfWhatTheIommuTranslatesLeavesTheDeviceDirect() throws Exception {
    usb.dma().setRanges(ImmutableList.of(new DmaRange(0x8000_0000L, 1L << 48, 0x1000_0000L)));
    usb.dma().setMask(-1L);
    machine.run(() -> {
      // Bus address 2^48 is outside of the domain's 48 bits.
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo((1L << 48) + 0x10_0000);
      assertThat(driver.domainOf(usb).leaves).isEmpty();
    });

    assertThat(String.join("\n", machine.log()))
        .contains("Failed to set up IOMMU for device 1.usb; retaining platform DMA ops");
  }

  @Test // as in the kernel, which takes the lowest and the highest address of all windows
  void windowsOnEitherSideOfWhatTheIommuTranslatesWillDo() throws Exception {
    driver.geometryOfNext = new IommuGeometry(0x4000_0000L, 0x4fff_ffffL, true);
    usb.dma()
        .setRanges(
            ImmutableList.of(
                new DmaRange(0x8000_0000L, 0x8000_0000L, 0x1000_0000L),
                new DmaRange(0x1000_0000L, 0x1000_0000L, 0x1000_0000L)));
    machine.run(
        () -> assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(0x4fff_f000L));
  }

  @Test
  void aMapThatFailsGivesItsIovaBack() throws Exception {
    machine.run(() -> {
      driver.capacityPages = 1;
      assertThat(machine.dma.mapPage(usb, PA, 0x2000, TO_DEVICE)).isEqualTo(DmaOps.MAPPING_ERROR);
      assertThat(driver.domainOf(usb).leaves).isEmpty();

      driver.capacityPages = 2;
      assertThat(machine.dma.mapPage(usb, PA, 0x2000, TO_DEVICE)).isEqualTo(0xffff_e000L);
    });
  }

  @Test
  void unmappingWhatIsNotMappedIsOnlyALineInTheLog() throws Exception {
    machine.run(() -> machine.dma.unmapPage(usb, 0x5000, 0x1000, TO_DEVICE));

    assertThat(machine.log())
        .contains("platform 1.usb: WARNING: iommu_dma_unmap_phys: nothing is mapped at 0x5000");
  }

  /** The kernel's allocator of iovas is a BUG_ON() for a granule above the CPU's page. */
  @Test
  void aPageThatSharesAGranuleOf16KWithOthersIsNotMapped() throws Exception {
    driver.bitmapOfNext = 0x4000;
    machine.run(() -> {
      assertThat(machine.dma.mapPage(usb, PA + 0x1000, 0x1000, TO_DEVICE))
          .isEqualTo(DmaOps.MAPPING_ERROR);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(DmaOps.MAPPING_ERROR);
      assertThat(refusal(list(PA, 0x1000))).isEqualTo(EINVAL);
      assertThat(driver.domainOf(usb).leaves).isEmpty();

      long at = machine.dma.mapPage(usb, PA, 0x4000, TO_DEVICE);
      assertThat(driver.translate(usb, at)).isEqualTo(PA);
    });
  }

  @Test
  void aCoherentBufferOwnsAllOfItsGranules() throws Exception {
    driver.bitmapOfNext = 0x1_0000;
    machine.run(() -> {
      for (int attrs : new int[] {DmaAttr.NONE, DmaAttr.FORCE_CONTIGUOUS}) {
        long before = machine.pages.pagesInUse();

        CoherentBuffer buffer = machine.dma.allocCoherent(usb, 64, attrs);

        assertThat(machine.pages.pagesInUse() - before).isAtLeast(16);
        long pa = driver.translate(usb, buffer.dmaAddress());
        for (long page = 0; page < 16; page++) {
          assertThat(machine.pages.ownerOf(pa + page * 0x1000))
              .isSameInstanceAs(machine.pages.ownerOf(pa));
        }
        machine.dma.freeCoherent(usb, buffer);
        assertThat(driver.domainOf(usb).leaves).isEmpty();
      }
    });
  }

  @Test
  void aBufferLargerThanTheMachineIsAnErrnoBeforeAnythingIsTaken() throws Exception {
    machine.run(() -> {
      for (long size : new long[] {1L << 40, 1L << 46, Long.MAX_VALUE - 5}) {
        for (int attrs : new int[] {DmaAttr.NONE, DmaAttr.FORCE_CONTIGUOUS}) {
          ErrnoException refused =
              assertThrows(ErrnoException.class, () -> machine.dma.allocCoherent(usb, size, attrs));
          assertThat(refused.errno()).isEqualTo(ENOMEM);
        }
      }
    });
  }

  /** Kernel: {@code __iommu_dma_map()}. */
  @Test
  void anAlignmentAboveTheGranuleIsRefusedAndSaidOnce() throws Exception {
    usb.dma().setMinAlignMask(0x1fff);
    machine.run(() -> {
      assertThat(machine.dma.mapPage(usb, PA, 0x2000, TO_DEVICE)).isEqualTo(DmaOps.MAPPING_ERROR);
      assertThat(machine.dma.mapPage(usb, PA, 0x2000, TO_DEVICE)).isEqualTo(DmaOps.MAPPING_ERROR);
    });

    assertThat(
            machine.log().stream()
                .filter(line -> line.contains("Unsupported alignment constraint"))
                .count())
        .isEqualTo(1);
  }

  @Test
  void withIommusInPassthroughMemoryIsReachedDirectly() throws Exception {
    use(new DmaMachine(DmaMachine.PASSTHROUGH));
    machine.run(() -> {
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(PA);
      assertThat(driver.domains).isEmpty();
    });
  }

  // ---- strict and lazy

  @Test
  void strictUnmapsInvalidateBeforeTheyReturn() throws Exception {
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);
      assertThat(driver.translate(usb, at)).isEqualTo(PA);

      machine.dma.unmapPage(usb, at, 0x1000, TO_DEVICE);

      assertThat(driver.translate(usb, at)).isEqualTo(FAULT);
      assertThat(driver.domainOf(usb).syncs).isEqualTo(1);
    });
  }

  @Test
  void lazyUnmapsLeaveTheDeviceAStaleTranslationForTenMilliseconds() throws Exception {
    use(new DmaMachine(DmaMachine.LAZY));
    machine.run(() -> {
      long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);
      assertThat(driver.translate(usb, at)).isEqualTo(PA);
      machine.dma.unmapPage(usb, at, 0x1000, TO_DEVICE);

      machine.scheduler.sleep(9_000_000);
      assertThat(driver.translate(usb, at)).isEqualTo(PA);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isNotEqualTo(at);

      machine.scheduler.sleep(2_000_000);
      assertThat(driver.translate(usb, at)).isEqualTo(FAULT);
      assertThat(driver.domainOf(usb).syncs).isEqualTo(0);
      assertThat(driver.domainOf(usb).flushes).isEqualTo(1);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(at);
    });
  }

  @Test
  void anIommuThatCannotPutOffFlushesGetsAStrictDomain() throws Exception {
    use(new DmaMachine(DmaMachine.LAZY));
    driver.defersFlushes = false;
    machine.run(() -> {
      assertThat(driver.domainOf(usb).type()).isEqualTo(DomainType.DMA);
      long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);
      machine.dma.unmapPage(usb, at, 0x1000, TO_DEVICE);
      assertThat(driver.domainOf(usb).syncs).isEqualTo(1);
    });
  }

  // ---- lists

  @Test
  void scatteredPagesBecomeOnePieceForTheDevice() throws Exception {
    machine.run(() -> {
      ScatterList list = list(PA, 0x1000, PA + 0x8000, 0x2000, PA + 0x4000, 0x1000);

      machine.dma.mapSgtable(usb, list, TO_DEVICE);

      assertThat(pieces(list)).isEqualTo("0xffffc000+0x4000");
      assertThat(driver.translate(usb, 0xffff_c000L)).isEqualTo(PA);
      assertThat(driver.translate(usb, 0xffff_e000L)).isEqualTo(PA + 0x9000);
      assertThat(driver.translate(usb, 0xffff_f000L)).isEqualTo(PA + 0x4000);

      machine.dma.unmapSg(usb, list, TO_DEVICE);
      assertThat(driver.domainOf(usb).leaves).isEmpty();
      assertThat(list.mappedCount()).isEqualTo(0);
    });
  }

  /** Each allocation of a buffer fails once: its pages, its iova. */
  @Test
  void aBufferThatCannotBeMadeLeavesNothing() throws Exception {
    machine.run(() -> {
      var pages = machine.pages.usage();
      long address = addressOfTheNext();
      EnumSet<Site> sites = EnumSet.noneOf(Site.class);
      for (int nth = 1; ; nth++) {
        machine.faults.failNth(nth);
        CoherentBuffer made = null;
        try {
          made = machine.dma.allocCoherent(usb, 0x5000);
        } catch (ErrnoException e) {
          assertThat(e.errno()).isEqualTo(Errno.ENOMEM);
        }
        Site failed = machine.faults.disarm();
        if (made != null) {
          machine.dma.freeCoherent(usb, made);
        }
        assertThat(machine.pages.usage()).isEqualTo(pages);
        assertThat(driver.domainOf(usb).leaves).isEmpty();
        assertThat(addressOfTheNext()).isEqualTo(address);
        if (failed == null) {
          assertThat(sites).containsExactly(Site.PAGE, Site.IOVA);
          return;
        }
        sites.add(failed);
      }
    });
  }

  private long addressOfTheNext() {
    long at = machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE);
    machine.dma.unmapPage(usb, at, 0x1000, TO_DEVICE);
    return at;
  }

  @Test
  void aPieceThatStartsOrEndsWithinAGranuleStandsApart() throws Exception {
    machine.run(() -> {
      ScatterList list =
          list(PA, 0x1000, PA + 0x2800, 0x800, PA + 0x5000, 0x200, PA + 0x7000, 0x1000);

      machine.dma.mapSgtable(usb, list, TO_DEVICE);

      // The second starts late: a new piece, which the third may follow; the third ends early.
      assertThat(pieces(list)).isEqualTo("0xffffc000+0x1000 0xffffd800+0xa00 0xfffff000+0x1000");
    });
  }

  @Test
  void noPieceIsLongerThanTheDeviceTakes() throws Exception {
    machine.run(() -> {
      usb.dma().setMaxSegmentSize(0x2000);
      ScatterList list = list(PA, 0x1000, PA + 0x2000, 0x1000, PA + 0x4000, 0x1000);

      machine.dma.mapSgtable(usb, list, TO_DEVICE);

      assertThat(pieces(list)).isEqualTo("0xffffc000+0x2000 0xffffe000+0x1000");
    });
  }

  @Test
  void aPieceThatWouldCrossABoundaryOfTheDeviceStartsThere() throws Exception {
    machine.run(() -> {
      usb.dma().setSegmentBoundary(0x3fff);
      ScatterList list = list(PA, 0x3000, PA + 0x8000, 0x2000);

      machine.dma.mapSgtable(usb, list, TO_DEVICE);

      // 0x3000 and one granule of padding, then 0x2000: 6 granules, aligned to 8.
      assertThat(pieces(list)).isEqualTo("0xffff8000+0x3000 0xffffc000+0x2000");
      assertThat(driver.translate(usb, 0xffff_c000L)).isEqualTo(PA + 0x8000);

      machine.dma.unmapSg(usb, list, TO_DEVICE);
      assertThat(driver.domainOf(usb).leaves).isEmpty();
    });
  }

  @Test
  void aListThatCannotBeMappedLeavesNothing() throws Exception {
    machine.run(() -> {
      driver.capacityPages = 2;
      ScatterList list = list(PA, 0x1000, PA + 0x2000, 0x1000, PA + 0x4000, 0x1000);

      assertThat(refusal(list)).isEqualTo(ENOMEM);
      assertThat(driver.domainOf(usb).leaves).isEmpty();
      assertThat(list.mappedCount()).isEqualTo(0);

      driver.capacityPages = 10;
      machine.dma.mapSgtable(usb, list, TO_DEVICE);
      assertThat(pieces(list)).isEqualTo("0xffffc000+0x3000");
    });
  }

  @Test
  void pagesOf4KCannotBeAListBehind16KGranules() throws Exception {
    driver.bitmapOfNext = 0x4000;
    machine.run(() ->
        assertThat(refusal(list(PA + 0x1000, 0x1000, PA + 0x6000, 0x1000))).isEqualTo(EINVAL));
  }

  private Errno refusal(ScatterList list) {
    return assertThrows(ErrnoException.class, () -> machine.dma.mapSgtable(usb, list, TO_DEVICE))
        .errno();
  }

  private static ScatterList list(long... pasAndLengths) {
    ScatterList list = new ScatterList();
    for (int i = 0; i < pasAndLengths.length; i += 2) {
      list.add(pasAndLengths[i], pasAndLengths[i + 1]);
    }
    return list;
  }

  private static String pieces(ScatterList list) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < list.mappedCount(); i++) {
      words
          .append(i == 0 ? "" : " ")
          .append("0x%x+0x%x".formatted(list.dmaAddress(i), list.dmaLength(i)));
    }
    return words.toString();
  }

  // ---- coherent memory

  @Test
  void coherentMemoryMayBeInPiecesAndIsOneRunForTheDevice() throws Exception {
    machine.run(() -> {
      long before = machine.pages.pagesInUse();
      CoherentBuffer buffer = machine.dma.allocCoherent(usb, 0x5000);

      assertThat(buffer.isInPieces()).isTrue();
      for (long offset = 0; offset < 0x5000; offset += 0x800) {
        assertThat(driver.translate(usb, buffer.dmaAddress() + offset))
            .isEqualTo(buffer.paAt(offset));
      }
      machine.dma.freeCoherent(usb, buffer);
      assertThat(machine.pages.pagesInUse()).isEqualTo(before);
      assertThat(driver.domainOf(usb).leaves).isEmpty();
    });
  }

  @Test
  void coherentMemoryIsOneRunOfPagesWhereThatIsAskedFor() throws Exception {
    machine.run(() -> {
      long before = machine.pages.pagesInUse();
      CoherentBuffer buffer = machine.dma.allocCoherent(usb, 0x5000, DmaAttr.FORCE_CONTIGUOUS);

      assertThat(buffer.isInPieces()).isFalse();
      assertThat(driver.translate(usb, buffer.dmaAddress() + 0x4000))
          .isEqualTo(buffer.pa() + 0x4000);
      machine.dma.freeCoherent(usb, buffer);
      assertThat(machine.pages.pagesInUse()).isEqualTo(before);
    });
  }

  @Test
  void coherentMemoryThatCannotBeMappedIsGivenBack() throws Exception {
    machine.run(() -> {
      driver.capacityPages = 3;
      long before = machine.pages.pagesInUse();

      ErrnoException refusal =
          assertThrows(ErrnoException.class, () -> machine.dma.allocCoherent(usb, 0x4000));

      assertThat(refusal.errno()).isEqualTo(ENOMEM);
      assertThat(machine.pages.pagesInUse()).isEqualTo(before);
    });
  }

  // ---- what a domain must look like

  @Test
  void reservedIovasAreNotHandedOut() throws Exception {
    driver.reserved =
        ImmutableList.of(
            new ReservedRegion(0xffff_f000L, 0x1000, 0, ReservedRegion.Kind.RESERVED),
            new ReservedRegion(0xffff_0000L, 0xf000, 0, ReservedRegion.Kind.SW_MSI));
    machine.run(
        () -> assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(0xffff_e000L));
  }

  @Test
  void pfnZeroIsNeverHandedOut() throws Exception {
    machine.run(() -> {
      usb.dma().setMask(0x1fff);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(0x1000);
      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(DmaOps.MAPPING_ERROR);
    });
  }

  @Test
  void aDomainThatChangesItsGranuleKeepsTheDeviceOnDirectDma() throws Exception {
    machine.run(() -> {
      driver.unsettled = true;
      driver.bitmapOfNext = 0x1_0000;
      machine.layer.setUp(usb, driver.domainOf(usb));

      assertThat(machine.dma.mapPage(usb, PA, 0x1000, TO_DEVICE)).isEqualTo(PA);
    });
    assertThat(machine.log())
        .contains("Failed to set up IOMMU for device 1.usb; retaining platform DMA ops");
  }
}
