package org.smmulator.iommu.contract;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.smmulator.iommu.contract.IommuHarness.FREE_BYTES;
import static org.smmulator.iommu.contract.IommuHarness.FREE_MEMORY;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.bus.BusMaster;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.TestKernel;
import org.smmulator.iommu.contract.RandomSteps.Losing;
import org.smmulator.iommu.pgtable.IotlbGather;
import org.smmulator.kernel.errno.Errno;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector.Site;

/**
 * What a device can reach through an IOMMU under its driver: what was mapped for it, as long as it
 * is, and nothing else. Reads and writes are made by the device, through the model.
 */
public abstract class IommuDriverContract {
  private static final int MAGIC = 0x600d_cafe;

  private IommuHarness harness;
  private TestKernel kernel;
  private Iommu iommu;

  /** Boots the hardware and its driver, with both devices taken. Called in a task's context. */
  protected abstract IommuHarness boot() throws Exception;

  /** An iova that every domain of this driver can map, with 64 MiB above it. */
  protected long firstIova() {
    return 0x1000_0000L;
  }

  /** Whether the driver tells a domain's handler of faults; some say them in the log only. */
  protected boolean tellsFaultHandlers() {
    return true;
  }

  IommuHarness harness() {
    return harness;
  }

  @BeforeEach
  void bootHarness() throws Exception {
    harness = boot();
    kernel = harness.kernel();
    iommu = kernel.iommu;
  }

  @AfterEach
  void closeHarness() {
    harness.close();
  }

  @Test
  void withNobodysDomainAttachedAddressesArePhysical() throws Exception {
    kernel.run(() -> {
      kernel.dram.putInt(FREE_MEMORY, MAGIC);

      assertThat(iommu.domainOf(harness.device(0))).isEqualTo(IommuDomain.Fixed.IDENTITY);
      assertThat(load(0, FREE_MEMORY)).isEqualTo(MAGIC);
    });
  }

  @Test
  void whatIsMappedIsReachedAndNothingElse() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attached(0);
      long page = pageBytes(domain);
      iommu.map(domain, firstIova(), FREE_MEMORY, 2 * page, READ | WRITE);

      harness.master(0).store32(firstIova() + page + 0x10, MAGIC);
      assertThat(harness.master(0).aborted()).isFalse();

      assertThat(kernel.dram.getInt(FREE_MEMORY + page + 0x10)).isEqualTo(MAGIC);
      assertThat(iommu.iovaToPhys(domain, firstIova() + page + 0x10))
          .isEqualTo(FREE_MEMORY + page + 0x10);
      assertRefused(0, firstIova() + 2 * page);
      assertRefused(0, FREE_MEMORY);
      assertThat(iommu.iovaToPhys(domain, firstIova() + 2 * page)).isEqualTo(0);
    });
  }

  @Test
  void afterUnmapTheDeviceReachesNothingThere() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attached(0);
      long page = pageBytes(domain);
      iommu.map(domain, firstIova(), FREE_MEMORY, 4 * page, READ | WRITE);
      kernel.dram.putInt(FREE_MEMORY + page, MAGIC);
      assertThat(load(0, firstIova() + page)).isEqualTo(MAGIC);

      assertThat(iommu.unmap(domain, firstIova(), 4 * page)).isEqualTo(4 * page);

      assertRefused(0, firstIova() + page);
    });
  }

  /** A flush queue unmaps without a sync, and once for all makes it good. */
  @Test
  void afterAFlushOfAllNothingThatWasUnmappedIsReached() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attached(0);
      long page = pageBytes(domain);
      iommu.map(domain, firstIova(), FREE_MEMORY, 2 * page, READ);
      kernel.dram.putInt(FREE_MEMORY, MAGIC);
      kernel.dram.putInt(FREE_MEMORY + page, MAGIC);
      assertThat(load(0, firstIova())).isEqualTo(MAGIC);
      assertThat(load(0, firstIova() + page)).isEqualTo(MAGIC);
      IotlbGather gather = new IotlbGather();
      gather.setQueued(true);

      for (int i = 0; i < 2; i++) {
        assertThat(iommu.unmapFast(domain, firstIova() + i * page, page, gather)).isEqualTo(page);
      }
      iommu.flushIotlbAll(domain);

      assertRefused(0, firstIova());
      assertRefused(0, firstIova() + page);
    });
  }

  /** Whoever claims a device finds it blocked. Kernel: {@code iommu_device_claim_dma_owner()}. */
  @Test
  void aDeviceThatIsClaimedReachesNothingUntilItIsReleased() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attachedToRead();
      iommu.detach(domain, harness.device(0));

      iommu.claimDevice(harness.device(0), "vfio");
      if (iommu.domainOf(harness.device(0)) instanceof IommuDomain.Paging empty) {
        harness.made(empty); // where the hardware cannot block
      }
      assertRefused(0, firstIova());
      assertRefused(0, FREE_MEMORY);

      iommu.releaseDevice(harness.device(0));
      assertThat(load(0, FREE_MEMORY)).isEqualTo(MAGIC);
    });
  }

  @Test
  void whatIsMappedAnewIsWhatTheDeviceSees() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attached(0);
      long page = pageBytes(domain);
      kernel.dram.putInt(FREE_MEMORY, 1);
      kernel.dram.putInt(FREE_MEMORY + page, 2);
      iommu.map(domain, firstIova(), FREE_MEMORY, page, READ);
      assertThat(load(0, firstIova())).isEqualTo(1);

      var _ = iommu.unmap(domain, firstIova(), page);
      iommu.map(domain, firstIova(), FREE_MEMORY + page, page, READ);

      assertThat(load(0, firstIova())).isEqualTo(2);
    });
  }

  @Test
  void aLargePageAndThePagesInItsPlaceAreNotMixedUp() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attached(0);
      long page = pageBytes(domain);
      long large = nextPageBytes(domain);
      if (large == 0 || large > FREE_BYTES / 2) {
        return;
      }
      kernel.dram.putInt(FREE_MEMORY, 1);
      kernel.dram.putInt(FREE_MEMORY + large, 2);
      iommu.map(domain, firstIova(), FREE_MEMORY, large, READ);
      assertThat(load(0, firstIova())).isEqualTo(1);
      assertThat(iommu.unmap(domain, firstIova(), large)).isEqualTo(large);

      iommu.map(domain, firstIova(), FREE_MEMORY + large, page, READ);
      assertThat(load(0, firstIova())).isEqualTo(2);
      assertRefused(0, firstIova() + page);

      var _ = iommu.unmap(domain, firstIova(), page);
      iommu.map(domain, firstIova(), FREE_MEMORY, large, READ);
      assertThat(load(0, firstIova())).isEqualTo(1);
    });
  }

  @Test
  void aPageToReadIsNotWritten() throws Exception {
    kernel.run(() -> {
      var _ = attachedToRead();

      harness.master(0).store32(firstIova(), 0);

      assertThat(kernel.dram.getInt(FREE_MEMORY)).isEqualTo(MAGIC);
    });
  }

  @Test
  void theSameAddressInTwoDomainsIsTwoPlaces() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging one = attached(0);
      IommuDomain.Paging other = attached(1);
      long page = pageBytes(one);
      kernel.dram.putInt(FREE_MEMORY, 1);
      kernel.dram.putInt(FREE_MEMORY + page, 2);
      iommu.map(one, firstIova(), FREE_MEMORY, page, READ);
      iommu.map(other, firstIova(), FREE_MEMORY + page, page, READ);

      assertThat(load(0, firstIova())).isEqualTo(1);
      assertThat(load(1, firstIova())).isEqualTo(2);

      var _ = iommu.unmap(one, firstIova(), page);
      assertRefused(0, firstIova());
      assertThat(load(1, firstIova())).isEqualTo(2);
    });
  }

  @Test
  void eachDomainTellsWhereItsTableBegins() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging one = attached(0);
      IommuDomain.Paging other = attached(1);

      for (IommuDomain.Paging domain : List.of(one, other)) {
        assertThat(kernel.dram.covers(domain.pagetableBase(), Long.BYTES)).isTrue();
      }
      assertThat(one.pagetableBase()).isNotEqualTo(other.pagetableBase());
    });
  }

  @Test
  void twoDevicesInOneDomainSeeTheSame() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attached(0);
      if (!harness.sharesDomains()) {
        ErrnoException refused =
            assertThrows(ErrnoException.class, () -> iommu.attach(domain, harness.device(1)));
        assertThat(refused.errno()).isEqualTo(Errno.EINVAL);
        return;
      }
      iommu.attach(domain, harness.device(1));
      long page = pageBytes(domain);
      iommu.map(domain, firstIova(), FREE_MEMORY, page, READ | WRITE);

      harness.master(0).store32(firstIova(), MAGIC);
      assertThat(load(1, firstIova())).isEqualTo(MAGIC);

      var _ = iommu.unmap(domain, firstIova(), page);
      assertRefused(0, firstIova());
      assertRefused(1, firstIova());
    });
  }

  @Test
  void theDomainsHandlerHearsOfAFault() throws Exception {
    List<String> heard = new ArrayList<>();
    kernel.run(() -> {
      IommuDomain.Paging domain = iommu.allocPaging(harness.device(0));
      iommu.attach(domain, harness.device(0));
      iommu.setFaultHandler(
          domain,
          (of, device, iova, flags) -> {
            heard.add("%s 0x%x".formatted(flags == IommuFaultHandler.WRITE ? "W" : "R", iova));
            return harness.dealWith(of, iova);
          });
      iommu.map(domain, firstIova(), FREE_MEMORY, pageBytes(domain), READ | WRITE);

      harness.master(0).store32(firstIova() + 0x40_0000, 1);
      harness.settle();
    });

    String fault = "%s 0x%x".formatted(harness.tellsWrites() ? "W" : "R", firstIova() + 0x40_0000);
    assertThat(heard).isEqualTo(tellsFaultHandlers() ? List.of(fault) : List.of());
  }

  @Test
  void noFaultGoesUnheard() throws Exception {
    List<Long> heard = new ArrayList<>();
    kernel.run(() -> {
      IommuDomain.Paging domain = attached(0);
      iommu.setFaultHandler(
          domain,
          (of, device, iova, flags) -> {
            heard.add(iova);
            return harness.dealWith(of, iova);
          });
      iommu.map(domain, firstIova(), FREE_MEMORY, pageBytes(domain), READ);
      int lines = kernel.log().size();

      assertRefused(0, firstIova() + 0x40_0000);

      assertThat(heard.size() + kernel.log().size() - lines).isGreaterThan(0);
    });
  }

  @Test
  void detachedADeviceIsWhereItWas() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attachedToRead();

      iommu.detach(domain, harness.device(0));

      assertThat(iommu.domainOf(harness.device(0))).isEqualTo(IommuDomain.Fixed.IDENTITY);
      assertThat(load(0, FREE_MEMORY)).isEqualTo(MAGIC);
    });
  }

  @Test
  void aDeviceThatIsInADomainIsNotTakenIntoAnother() throws Exception {
    kernel.run(() -> {
      IommuDomain.Paging domain = attached(0);
      IommuDomain.Paging third = iommu.allocPaging(harness.device(0));

      ErrnoException refused =
          assertThrows(ErrnoException.class, () -> iommu.attach(third, harness.device(0)));

      assertThat(refused.errno()).isEqualTo(Errno.EBUSY);
      assertThat(iommu.domainOf(harness.device(0))).isEqualTo(domain);
    });
  }

  @Test
  void aFreedDomainLeavesNoPageBehind() throws Exception {
    kernel.run(() -> {
      var before = kernel.pages.usage();
      IommuDomain.Paging domain = attached(0);
      iommu.map(domain, firstIova(), FREE_MEMORY, 8 * pageBytes(domain), READ | WRITE);
      iommu.detach(domain, harness.device(0));

      iommu.free(domain);

      assertThat(kernel.pages.usage()).isEqualTo(before);
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void twoThousandRandomStepsTranslateAsAPlainListOfPagesDoes(long seed) throws Exception {
    kernel.run(() -> {
      var _ = new RandomSteps(harness, firstIova(), seed, Losing.NOBODY).go();
    });
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void aTranslationIsStaleExactlyWhereAnInvalidationWasLost(long seed) throws Exception {
    kernel.run(() -> {
      int stale = new RandomSteps(harness, firstIova(), seed, Losing.HARDWARE).go();
      assertWithMessage("stale accesses of seed %s", seed).that(stale).isAtLeast(20);
    });
  }

  /**
   * Unmapped memory may be read until the call returns, and no longer; a table that is freed is
   * walked no more; and nobody ever reads what another domain maps.
   */
  @Test
  void aDeviceThatReadsAtEveryBadMomentIsToldNothingThatItMayNotKnow() throws Exception {
    kernel.run(() -> new HostileDevice(harness, firstIova()).go());
  }

  @Test
  void anAllocationThatFailsLeavesNothingBehind() throws Exception {
    kernel.run(
        () -> assertThat(new FailingAllocations(harness, firstIova()).go()).contains(Site.PAGE));
  }

  private IommuDomain.Paging attached(int device) throws ErrnoException {
    IommuDomain.Paging domain = iommu.allocPaging(harness.device(device));
    harness.made(domain);
    iommu.attach(domain, harness.device(device));
    return domain;
  }

  /** The first device has read what is in free memory, of which it sees one page. */
  private IommuDomain.Paging attachedToRead() throws ErrnoException {
    IommuDomain.Paging domain = attached(0);
    iommu.map(domain, firstIova(), FREE_MEMORY, pageBytes(domain), READ);
    kernel.dram.putInt(FREE_MEMORY, MAGIC);
    assertThat(load(0, firstIova())).isEqualTo(MAGIC);
    return domain;
  }

  private static long pageBytes(IommuDomain.Paging domain) {
    return Long.lowestOneBit(domain.pgsizeBitmap());
  }

  /** The second smallest page; 0 if there is one size only. */
  private static long nextPageBytes(IommuDomain.Paging domain) {
    return Long.lowestOneBit(domain.pgsizeBitmap() & (domain.pgsizeBitmap() - 1));
  }

  private int load(int device, long iova) {
    return harness.master(device).load32(iova);
  }

  private void assertRefused(int device, long iova) {
    BusMaster master = harness.master(device);
    assertThat(master.load32(iova)).isEqualTo(0);
    harness.settle();
  }
}
