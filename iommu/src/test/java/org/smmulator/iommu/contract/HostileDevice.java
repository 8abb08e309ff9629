package org.smmulator.iommu.contract;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.iommu.contract.IommuHarness.FREE_MEMORY;
import static org.smmulator.iommu.prot.IommuProt.READ;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuDomain;
import org.smmulator.kernel.errno.ErrnoException;

/**
 * A device that reads at the worst moments: before and after each access of the driver to the
 * IOMMU's registers, as each command is taken from a queue, and whenever a page of a table goes
 * back, which somebody else then writes over at once.
 *
 * <p>A plain list of pages says what it may be answered: nothing, what is mapped now, and until the
 * call that unmaps it returns, what was mapped. Never what it had before that, never what the
 * second device has, never what the next owner of a freed page wrote there.
 */
final class HostileDevice {
  private static final int TRAP = 0x7ead_beef;
  private static final long LARGEST_TABLE = 32 << 20;
  private static final long STAYS_AT = 48 << 20;
  private static final int FRAMES = 64;
  private static final int FRESH = 8;

  /** The word that the second device reads. */
  private static final int SECOND = FRAMES - 1;

  /** Memory for leaves that are larger than a page. */
  private static final long LEAF = FREE_MEMORY + IommuHarness.FREE_BYTES / 2;

  private static final long STAYS = LEAF + IommuHarness.FREE_BYTES / 4;
  private static final long LARGEST_LEAF = IommuHarness.FREE_BYTES / 4;

  private final IommuHarness harness;
  private final Iommu iommu;
  private final long firstIova;
  private final IommuDomain.Paging domain;
  private final long page;
  private final long trapPa;

  /** The mappings of the device's domain now, by pages. */
  private final TreeMap<Long, Integer> now = new TreeMap<>();

  /** The mappings when the call began that is under way. */
  private final TreeMap<Long, Integer> before = new TreeMap<>();

  private final long[] hot = new long[5];
  private boolean attached = true;
  private boolean lurking;
  private boolean reading;
  private int reads;
  private int fresh;
  private @Nullable String caught;

  /** A change of the domain. */
  private interface Change {
    void make() throws ErrnoException;
  }

  /** Attaches both devices to domains of their own, which map the same addresses. */
  HostileDevice(IommuHarness harness, long firstIova) throws ErrnoException {
    this.harness = harness;
    this.iommu = harness.kernel().iommu;
    this.firstIova = firstIova;
    this.domain = attached(0);
    this.page = Long.lowestOneBit(domain.pgsizeBitmap());
    this.trapPa = FREE_MEMORY + FRAMES * page;
    for (int frame = 0; frame < FRAMES; frame++) {
      harness.kernel().dram.putInt(FREE_MEMORY + frame * page, frame + 1);
    }
    harness.kernel().dram.putInt(trapPa, TRAP);
    IommuDomain.Paging other = attached(1);
    iommu.map(other, firstIova, frame(SECOND - 1), page, READ);
    hot[4] = firstIova + STAYS_AT; // a page that stays mapped
    now.put(hot[4], FRAMES);
    mapWhatStays();
    harness.losses().onAccess(this::look);
    harness.kernel().faults.onFree(this::freed);
  }

  /** By one leaf that needs no table if there is one, so that tables that go leave none behind. */
  private void mapWhatStays() throws ErrnoException {
    long size = page;
    for (long sizes = domain.pgsizeBitmap(); sizes != 0; sizes &= sizes - 1) {
      long candidate = Long.lowestOneBit(sizes);
      size = candidate <= LARGEST_LEAF / 2 ? candidate : size;
    }
    harness.kernel().dram.putInt(STAYS, FRAMES);
    iommu.map(domain, hot[4], STAYS, size, READ);
  }

  private IommuDomain.Paging attached(int device) throws ErrnoException {
    IommuDomain.Paging made = iommu.allocPaging(harness.device(device));
    harness.made(made);
    iommu.attach(made, harness.device(device));
    return made;
  }

  private long frame(int index) {
    return FREE_MEMORY + index * page;
  }

  /** Goes through every way in which leaves and tables come and go. */
  void go() throws ErrnoException {
    pages();
    somePagesOfMany();
    long sizes = domain.pgsizeBitmap() & -(2 * page);
    for (; sizes != 0; sizes &= sizes - 1) {
      long size = Long.lowestOneBit(sizes);
      if (size <= LARGEST_TABLE) {
        oneLeaf(size);
        wholeSpan(size);
        leafOverAnEmptyTable(size);
      }
    }
    theDomainGoes();
    assertWithMessage("reads at bad moments").that(reads).isAtLeast(50);
  }

  private void pages() throws ErrnoException {
    mapPages(firstIova, 5, 1);
    read(firstIova);
    unmap(firstIova, 5 * page);
    mapPages(firstIova, 5, 7);
    read(firstIova);
    unmap(firstIova, 5 * page);
  }

  private void somePagesOfMany() throws ErrnoException {
    mapPages(firstIova, 6, 11);
    for (int i = 0; i < 6; i++) {
      read(firstIova + i * page);
    }
    unmap(firstIova + 2 * page, 2 * page);
    read(firstIova + page);
    read(firstIova + 4 * page);
    unmap(firstIova, 2 * page);
    unmap(firstIova + 4 * page, 2 * page);
  }

  /** One leaf of {@code size}. Of its pages only those that are looked at are on the list. */
  private void oneLeaf(long size) throws ErrnoException {
    if (size > LARGEST_LEAF) {
      return;
    }
    look(firstIova, size);
    for (int i = 0; i < hot.length - 1; i++) {
      long at = hot[i];
      int stamp = (int) (2 * FRAMES + (at - firstIova) / page);
      harness.kernel().dram.putInt(LEAF + at - firstIova, stamp);
      now.put(at, stamp);
    }
    during(() -> iommu.map(domain, firstIova, LEAF, size, READ));
    read(firstIova);
    unmap(firstIova, size);
  }

  /** As many pages as one leaf of {@code size} spans, which may be a table of their own. */
  private void wholeSpan(long size) throws ErrnoException {
    mapPages(firstIova, (int) (size / page), 0);
    read(firstIova);
    unmap(firstIova, size);
    mapPages(firstIova, 2, 20);
    read(firstIova);
    read(firstIova + page);
    unmap(firstIova, 2 * page);
  }

  /** The table below stays when its last page goes, until a leaf takes its place. */
  private void leafOverAnEmptyTable(long size) throws ErrnoException {
    mapPages(firstIova, 2, 30);
    read(firstIova);
    unmap(firstIova, page);
    unmap(firstIova + page, page);
    oneLeaf(size);
  }

  /** The next domain may get the same bank and the same tag. */
  private void theDomainGoes() throws ErrnoException {
    mapPages(firstIova, 8, 40);
    read(firstIova);
    attached = false;
    now.clear();
    lurking = true; // the second device looks
    iommu.detach(domain, harness.device(0));
    iommu.free(domain);
    lurking = false;
    verdict("free");

    IommuDomain.Paging next = attached(0);
    iommu.map(next, firstIova + 16 * page, frame(50), page, READ);
    assertThat(harness.master(0).load32(firstIova + 16 * page)).isEqualTo(51);
    for (int i = 0; i < 8; i++) {
      assertRefused(firstIova + i * page);
    }
  }

  // ---- changes, during which the device looks

  private void mapPages(long iova, int count, int firstFrame) throws ErrnoException {
    look(iova, count * page);
    during(() -> {
      for (int i = 0; i < count; i++) {
        int frame = (firstFrame + i) % (FRAMES - 2);
        now.put(iova + i * page, frame + 1);
        iommu.map(domain, iova + i * page, frame(frame), page, READ);
      }
    });
  }

  private void unmap(long iova, long sizeBytes) throws ErrnoException {
    look(iova, sizeBytes);
    during(() -> {
      now.subMap(iova, iova + sizeBytes).clear();
      assertThat(iommu.unmap(domain, iova, sizeBytes)).isEqualTo(sizeBytes);
    });
    for (long at : hot) {
      if (!now.containsKey(at)) {
        assertRefused(at);
      }
    }
  }

  /** From now on these are the pages that the device reads: of the ends, and one amid. */
  private void look(long iova, long sizeBytes) {
    hot[0] = iova;
    hot[1] = iova + Math.min(page, sizeBytes - page);
    hot[2] = iova + (sizeBytes / page / 2) * page;
    hot[3] = iova + sizeBytes - page;
  }

  private void during(Change change) throws ErrnoException {
    before.clear();
    before.putAll(now);
    lurking = true;
    change.make();
    lurking = false;
    before.clear();
    verdict("a change");
  }

  private void verdict(String what) {
    assertWithMessage("what the device read during %s", what).that(caught).isNull();
  }

  private void read(long iova) {
    assertWithMessage("the device reads 0x%s", Long.toHexString(iova))
        .that(harness.master(0).load32(iova))
        .isEqualTo(now.get(iova));
  }

  private void assertRefused(long iova) {
    assertWithMessage("the device reads 0x%s, which is not mapped", Long.toHexString(iova))
        .that(harness.master(0).load32(iova))
        .isEqualTo(0);
    harness.settle();
  }

  // ---- the bad moments

  /** The next owner of a freed page writes what a walk would take for a leaf. */
  private void freed(long pa, long sizeBytes) {
    if (lurking) {
      long leaf = harness.leafTo(trapPa);
      for (long at = pa; at < pa + sizeBytes; at += Long.BYTES) {
        harness.kernel().dram.putLong(at, leaf);
      }
      look();
      if (attached && harness.refusesAtOnce()) {
        // The walk to these is known, what is at its end is not.
        fresh++;
        check(firstIova + (hot.length + fresh % FRESH) * page);
      }
    }
  }

  private void look() {
    if (!lurking || reading) {
      return;
    }
    reading = true;
    if (attached && harness.lets(0)) {
      for (long iova : hot) {
        if (harness.refusesAtOnce() || isInTable(iova)) {
          check(iova);
        }
      }
    }
    if (harness.lets(1)) {
      int second = harness.master(1).load32(firstIova);
      if (second != SECOND) {
        caught = "the second device reads 0x%x".formatted(second);
      }
    }
    reading = false;
  }

  private boolean isInTable(long iova) {
    return domain.explain(iova).pa().isPresent();
  }

  private void check(long iova) {
    int seen = harness.master(0).load32(iova);
    harness.acknowledgeFaults();
    reads++;
    Integer mapped = now.get(iova);
    Integer wasMapped = before.get(iova);
    boolean fine =
        seen == 0 || (mapped != null && seen == mapped) || (wasMapped != null && seen == wasMapped);
    if (!fine && caught == null) {
      caught = "0x%x at iova 0x%x".formatted(seen, iova);
    }
  }
}
