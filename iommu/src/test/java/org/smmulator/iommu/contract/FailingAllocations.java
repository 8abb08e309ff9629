package org.smmulator.iommu.contract;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.util.Objects.requireNonNull;
import static org.smmulator.iommu.contract.IommuHarness.FREE_MEMORY;
import static org.smmulator.iommu.prot.IommuProt.READ;

import com.google.common.collect.ImmutableMap;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.iommu.IommuGroup;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.dma.ScatterList;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.fault.FaultInjector;
import org.smmulator.kernel.fault.FaultInjector.Site;

/**
 * Has the first allocation of a call fail, then the second, until none fails any more; whatever the
 * call had taken by then must be back. Kernel: {@code fail-nth} of {@code
 * Documentation/fault-injection/fault-injection.rst}.
 */
final class FailingAllocations {
  private static final int MOST = 200;

  private final IommuHarness harness;
  private final Iommu iommu;
  private final FaultInjector faults;
  private final long firstIova;

  /** The places at which allocations were made to fail. */
  private final Set<Site> sites = EnumSet.noneOf(Site.class);

  /** A call that may fail, and what undoes it if it did not. */
  private interface Call {
    void make() throws ErrnoException;
  }

  FailingAllocations(IommuHarness harness, long firstIova) {
    this.harness = harness;
    this.iommu = harness.kernel().iommu;
    this.faults = harness.kernel().faults;
    this.firstIova = firstIova;
  }

  /** All that a driver does for a device and a domain; returns where allocations failed. */
  Set<Site> go() throws ErrnoException {
    attach();
    map();
    mapSg();
    probeDevice();
    return sites;
  }

  /**
   * Makes the call again and again, each time with the next allocation failing.
   *
   * @param undo what to do when the call has succeeded, the last time
   * @param check whether all is as it was, after a call that failed
   */
  private void untilNothingFails(Call call, Call undo, Call check) throws ErrnoException {
    for (int nth = 1; nth <= MOST; nth++) {
      boolean failed = false;
      faults.failNth(nth);
      try {
        call.make();
      } catch (ErrnoException e) {
        failed = true;
      }
      Site site = faults.disarm();
      if (site != null) {
        sites.add(site);
      }
      if (failed) {
        assertWithMessage("an allocation was made to fail").that(site).isNotNull();
        check.make();
      } else {
        undo.make();
        check.make();
        if (site == null) {
          return;
        }
      }
    }
    throw new AssertionError("allocations without end");
  }

  // ---- domains

  private IommuDomain.@Nullable Paging current;

  private IommuDomain.Paging made() {
    return requireNonNull(current);
  }

  /** The pages, and the bank or the tag that a next domain would get. */
  private void attach() throws ErrnoException {
    ImmutableMap<String, Long> pages = harness.kernel().pages.usage();
    String place = placeOfTheNext();
    assertThat(harness.kernel().pages.usage()).isEqualTo(pages);

    untilNothingFails(
        () -> {
          IommuDomain.Paging made = iommu.allocPaging(harness.device(0));
          current = made;
          try {
            harness.made(made);
            iommu.attach(made, harness.device(0));
          } catch (ErrnoException e) {
            iommu.free(made);
            throw e;
          }
        },
        this::leave,
        () -> {
          assertThat(iommu.domainOf(harness.device(0))).isEqualTo(IommuDomain.Fixed.IDENTITY);
          assertThat(harness.kernel().pages.usage()).isEqualTo(pages);
          assertThat(placeOfTheNext()).isEqualTo(place);
        });
  }

  private void leave() {
    iommu.detach(made(), harness.device(0));
    iommu.free(made());
  }

  private String placeOfTheNext() throws ErrnoException {
    IommuDomain.Paging made = iommu.allocPaging(harness.device(0));
    current = made;
    iommu.attach(made, harness.device(0));
    String place = made.place();
    leave();
    return place;
  }

  // ---- mappings

  private void map() throws ErrnoException {
    long page = attachedPage();
    leave();
    long bytes = 40 * page; // over the end of a table
    long iova = firstIova + (4 << 20) - 20 * page;
    untilNoMappingFails(iova, bytes, () -> iommu.map(made(), iova, FREE_MEMORY, bytes, READ));
  }

  private void mapSg() throws ErrnoException {
    long page = attachedPage();
    leave();
    long iova = firstIova + (4 << 20) - 3 * page;
    ScatterList list = listOf(page);
    untilNoMappingFails(
        iova,
        6 * page,
        () -> {
          var _ = iommu.mapSg(made(), iova, list, READ);
        });
  }

  /** Each time into a table of its own, since one that has been in use may have pages left. */
  private void untilNoMappingFails(long iova, long bytes, Call map) throws ErrnoException {
    ImmutableMap<String, Long> pages = harness.kernel().pages.usage();
    long page = attachedPage();
    untilNothingFails(
        map,
        () -> assertThat(iommu.unmap(made(), iova, bytes)).isEqualTo(bytes),
        () -> {
          assertNothingIsMapped(iova, bytes, page);
          leave();
          assertThat(harness.kernel().pages.usage()).isEqualTo(pages);
          var _ = attachedPage();
        });
    leave();
  }

  /** Pages that do not follow one another. */
  private static ScatterList listOf(long page) {
    ScatterList list = new ScatterList();
    for (int i = 0; i < 6; i++) {
      list.add(FREE_MEMORY + 2L * i * page, page);
    }
    return list;
  }

  private long attachedPage() throws ErrnoException {
    IommuDomain.Paging made = iommu.allocPaging(harness.device(0));
    current = made;
    harness.made(made);
    iommu.attach(made, harness.device(0));
    return Long.lowestOneBit(made.pgsizeBitmap());
  }

  private void assertNothingIsMapped(long iova, long bytes, long page) {
    for (long at = iova; at < iova + bytes; at += page) {
      assertThat(made().explain(at).pa()).isEmpty();
    }
    assertThat(harness.master(0).load32(iova)).isEqualTo(0);
    harness.settle();
  }

  // ---- devices

  /** A device that comes back joins no group that has gone. */
  private void probeDevice() throws ErrnoException {
    Device device = harness.device(0);
    iommu.bus().deviceRemoved(device);
    ImmutableMap<String, Long> without = harness.kernel().pages.usage();
    int groups = iommu.groups().size();
    untilNothingFails(
        () -> iommu.bus().configure(device),
        () -> {
          IommuGroup group = requireNonNull(iommu.groupOf(device));
          assertThat(iommu.groups()).contains(group);
          assertThat(group.devices()).containsExactly(device);
          assertThat(iommu.domainOf(device)).isEqualTo(IommuDomain.Fixed.IDENTITY);
          iommu.bus().deviceRemoved(device);
        },
        () -> {
          assertThat(iommu.groupOf(device)).isNull();
          assertThat(iommu.groups()).hasSize(groups);
          assertThat(harness.kernel().pages.usage()).isEqualTo(without);
        });
    iommu.bus().deviceAdded(device);
  }
}
