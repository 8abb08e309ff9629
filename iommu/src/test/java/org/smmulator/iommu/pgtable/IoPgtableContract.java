package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.smmulator.iommu.prot.IommuProt.CACHE;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;

/**
 * What every page table promises, whatever its format. Where formats answer differently, a method
 * that a format overrides says what is right for it.
 */
abstract class IoPgtableContract {
  static final int RW = READ | WRITE;
  private static final long PA = 0x8000_0000L;

  private final TableMachine machine = new TableMachine(16L << 20);
  private final IotlbGather gather = new IotlbGather();

  /** The format under test. */
  abstract IoPgtableFormat format();

  /**
   * What to ask of it; must hold iovas from {@link #iova} on and physical addresses from 1 GiB to 3
   * GiB.
   */
  abstract IoPgtableConfig config();

  /** The first address that is mapped; there are 2 GiB from there on. */
  long iova() {
    return 0x4000_0000L;
  }

  /** A size of leaf that takes the place of a whole last-level table. */
  abstract long blockBytes();

  /** What mapping over a mapping is answered with. */
  Errno conflict() {
    return Errno.EEXIST;
  }

  /** Whether an unmap goes on over what is not mapped, as if it were. */
  boolean unmapsHoles() {
    return false;
  }

  /** Whether a block may take the place of a table with leaves, and an unmap of a whole table. */
  boolean tablesGoWithTheirLeaves() {
    return true;
  }

  /** Whether a leaf needs READ or WRITE. */
  boolean needsRights() {
    return true;
  }

  /** What the log says when part of a block is unmapped twice. */
  ImmutableList<String> wordsOfTwoPartialUnmaps() {
    return ImmutableList.of("Unmap of a partial large IOPTE is not allowed");
  }

  @AfterEach
  void powerOff() {
    machine.close();
  }

  @Test
  void anEmptyTableTranslatesNothing() {
    assertThat(table().iovaToPhys(42)).isEqualTo(0);
    assertThat(table().iovaToPhys(iova())).isEqualTo(0);
  }

  @Test
  void everySizeOfLeafTranslatesFromItsFirstByteToItsLast() {
    for (long size : sizes()) {
      IoPgtable table = table();
      map(table, iova(), PA, size);

      assertThat(table.iovaToPhys(iova())).isEqualTo(PA);
      assertThat(table.iovaToPhys(iova() + size - 1)).isEqualTo(PA + size - 1);
      assertThat(table.iovaToPhys(iova() + size)).isEqualTo(0);
      assertThat(table.iovaToPhys(iova() - 1)).isEqualTo(0);
    }
  }

  @Test
  void mappingTwiceIsRefusedAndLeavesTheFirstMappingAlone() {
    for (long size : sizes()) {
      IoPgtable table = table();
      map(table, iova(), PA, size);

      assertThat(table.mapPages(iova(), PA + size, size, 1, READ)).isEqualTo(conflict().number());

      assertThat(table.iovaToPhys(iova() + 42)).isEqualTo(PA + 42);
    }
  }

  @Test
  void aPageUnderABlockIsRefused() {
    IoPgtable table = table();
    map(table, iova(), PA, blockBytes());

    long result = table.mapPages(iova() + pageBytes(), PA, pageBytes(), 1, RW);

    assertThat(result).isEqualTo(conflict().number());
  }

  @Test
  void whatIsUnmappedIsGoneAndCanBeMappedAgain() {
    for (long size : sizes()) {
      IoPgtable table = table();
      map(table, iova(), PA, size);

      assertThat(table.unmapPages(iova(), size, 1, gather)).isEqualTo(size);
      assertThat(table.iovaToPhys(iova() + 42)).isEqualTo(0);

      map(table, iova(), PA + size, size);
      assertThat(table.iovaToPhys(iova() + 42)).isEqualTo(PA + size + 42);
    }
  }

  @Test
  void manyPagesAreConsecutiveHoweverManyCallsTheyTake() {
    IoPgtable table = table();

    mapPages(table, iova(), PA, 7);

    assertThat(table.iovaToPhys(iova() + 6 * pageBytes() + 5)).isEqualTo(PA + 6 * pageBytes() + 5);
    assertThat(table.iovaToPhys(iova() + 7 * pageBytes())).isEqualTo(0);
  }

  @Test
  void anUnmapStopsAtAHoleUnlessTheFormatUnmapsHolesToo() {
    IoPgtable table = table();
    mapPages(table, iova(), PA, 2);
    map(table, iova() + 3 * pageBytes(), PA, pageBytes());

    long unmapped = unmapPages(table, iova(), 4);

    assertThat(unmapped).isEqualTo((unmapsHoles() ? 4 : 2) * pageBytes());
    assertThat(table.iovaToPhys(iova() + 3 * pageBytes())).isEqualTo(unmapsHoles() ? 0 : PA);
    assertThat(unmapPages(table, iova(), 4)).isEqualTo(unmapsHoles() ? 4 * pageBytes() : 0);
  }

  @Test
  void eachUnmappedPageIsGatheredAndNothingElseIsFlushed() {
    IoPgtable table = table();
    mapPages(table, iova(), PA, 3);
    machine.flushes.reset();

    assertThat(unmapPages(table, iova(), 2)).isEqualTo(2 * pageBytes());

    assertThat(machine.flushes.pages).isEqualTo(2);
    assertThat(machine.flushes.walks).isEqualTo(0);
    assertThat(machine.flushes.all).isEqualTo(0);
    assertThat(gather.startIova()).isEqualTo(iova());
    assertThat(gather.endIova()).isEqualTo(iova() + 2 * pageBytes() - 1);
  }

  @Test
  void aQueuedGatherAndNoGatherAreNotToldOfPages() {
    IoPgtable table = table();
    mapPages(table, iova(), PA, 2);
    gather.setQueued(true);

    assertThat(table.unmapPages(iova(), pageBytes(), 1, gather)).isEqualTo(pageBytes());
    assertThat(table.unmapPages(iova() + pageBytes(), pageBytes(), 1, null)).isEqualTo(pageBytes());

    assertThat(machine.flushes.pages).isEqualTo(0);
  }

  @Test
  void aBlockInThePlaceOfATableWithLeavesFlushesTheWalkAndFreesTheTableOrIsRefused() {
    IoPgtable table = table();
    map(table, iova(), PA, pageBytes());
    machine.flushes.reset();
    long pagesWithTable = machine.owner.pagesInUse();

    long result = table.mapPages(iova(), PA + blockBytes(), blockBytes(), 1, RW);

    if (tablesGoWithTheirLeaves()) {
      assertThat(result).isEqualTo(blockBytes());
      assertThat(machine.flushes.walks).isEqualTo(1);
      assertThat(machine.owner.pagesInUse()).isLessThan(pagesWithTable);
      assertThat(table.iovaToPhys(iova() + 42)).isEqualTo(PA + blockBytes() + 42);
    } else {
      assertThat(result).isEqualTo(conflict().number());
      assertThat(machine.owner.pagesInUse()).isEqualTo(pagesWithTable);
      assertThat(table.iovaToPhys(iova() + 42)).isEqualTo(PA + 42);
    }
  }

  @Test
  void aBlockInThePlaceOfAnEmptyTableFreesIt() {
    IoPgtable table = table();
    map(table, iova(), PA, pageBytes());
    assertThat(table.unmapPages(iova(), pageBytes(), 1, gather)).isEqualTo(pageBytes());
    long pagesWithTable = machine.owner.pagesInUse();

    map(table, iova(), PA, blockBytes());

    assertThat(machine.owner.pagesInUse()).isLessThan(pagesWithTable);
    assertThat(table.iovaToPhys(iova() + blockBytes() - 1)).isEqualTo(PA + blockBytes() - 1);
  }

  @Test
  void afterItsTableIsUnmappedAPageCanBeMappedAgain() {
    IoPgtable table = table();
    map(table, iova(), PA, pageBytes());
    long pagesWithTable = machine.owner.pagesInUse();
    long unmapped = table.unmapPages(iova(), blockBytes(), 1, gather);
    assertThat(unmapped).isEqualTo(tablesGoWithTheirLeaves() ? blockBytes() : pageBytes());
    if (tablesGoWithTheirLeaves()) {
      assertThat(machine.owner.pagesInUse()).isLessThan(pagesWithTable);
    }

    map(table, iova(), PA, pageBytes());

    assertThat(machine.owner.pagesInUse()).isEqualTo(pagesWithTable);
    assertThat(table.iovaToPhys(iova())).isEqualTo(PA);
    assertThat(table.iovaToPhys(iova() + pageBytes())).isEqualTo(0);
  }

  @Test
  void partOfABlockCannotBeUnmappedAndTheLogSaysSo() {
    IoPgtable table = table();
    map(table, iova(), PA, blockBytes());

    assertThat(table.unmapPages(iova(), pageBytes(), 1, gather)).isEqualTo(0);
    assertThat(table.unmapPages(iova(), pageBytes(), 1, gather)).isEqualTo(0);

    assertThat(table.iovaToPhys(iova())).isEqualTo(PA);
    ImmutableList<String> words = wordsOfTwoPartialUnmaps();
    assertThat(machine.dmesg.lines()).hasSize(words.size());
    for (int i = 0; i < words.size(); i++) {
      assertThat(machine.dmesg.lines().get(i).text()).endsWith(words.get(i));
    }
  }

  @Test
  void neitherReadNorWriteIsEinvalWhereALeafNeedsRights() {
    assertThat(table().mapPages(iova(), PA, pageBytes(), 1, CACHE))
        .isEqualTo(needsRights() ? Errno.EINVAL.number() : pageBytes());
  }

  @Test
  void aSizeTheTableLacksIsEinvalAndUnmapsNothing() {
    IoPgtable table = table();

    assertThat(table.mapPages(iova(), PA, 0, 1, RW)).isEqualTo(Errno.EINVAL.number());
    assertThat(table.mapPages(iova(), PA, 2048, 1, RW)).isEqualTo(Errno.EINVAL.number());
    assertThat(table.unmapPages(iova(), 2048, 1, gather)).isEqualTo(0);
    assertThat(table.unmapPages(iova(), pageBytes(), 0, gather)).isEqualTo(0);
  }

  @Test
  void anAddressOutsideIsErangeAndUnmapsNothing() {
    IoPgtable table = table();
    long tooHigh = 1L << table.config().ias();
    long tooFar = 1L << table.config().oas();

    assertThat(table.mapPages(tooHigh, PA, pageBytes(), 1, RW)).isEqualTo(Errno.ERANGE.number());
    assertThat(table.mapPages(iova(), tooFar, pageBytes(), 1, RW)).isEqualTo(Errno.ERANGE.number());
    assertThat(table.unmapPages(tooHigh, pageBytes(), 1, gather)).isEqualTo(0);
    assertThat(table.iovaToPhys(tooHigh)).isEqualTo(0);
  }

  @Test
  void noMemoryForATableIsEnomemAndEverythingMappedBeforeStays() {
    try (TableMachine small = new TableMachine(1L << 20)) {
      IoPgtable table = small.table(format(), config());
      long result = 0;
      int tables = 0;
      while (IoPgtable.errno(result) == 0 && tables < 1000) {
        result = table.mapPages(iova() + tables * blockBytes(), PA, pageBytes(), 1, RW);
        tables++;
      }

      assertThat(result).isEqualTo(Errno.ENOMEM.number());
      assertThat(table.iovaToPhys(iova() + (tables - 2) * blockBytes())).isEqualTo(PA);
      table.free();
      assertThat(small.owner.pagesInUse()).isEqualTo(0);
    }
  }

  @Test
  void freeingFlushesEverythingOnceAndGivesAllMemoryBack() {
    IoPgtable table = table();
    for (long size : sizes()) {
      map(table, iova() + size, PA, size);
    }
    machine.flushes.reset();

    table.free();

    assertThat(machine.flushes.log).containsExactly("all");
    assertThat(machine.owner.pagesInUse()).isEqualTo(0);
  }

  @Test
  void withoutNoWarnTheLogTellsOfADoubleMapAndOfAHoleThatIsNotUnmapped() {
    IoPgtable table = machine.table(format(), config().without(Quirk.NO_WARN));
    map(table, iova(), PA, pageBytes());

    assertThat(table.mapPages(iova(), PA, pageBytes(), 1, RW)).isEqualTo(conflict().number());
    int linesOfTheMap = machine.dmesg.lines().size();
    assertThat(linesOfTheMap).isGreaterThan(0);

    assertThat(table.unmapPages(iova() + pageBytes(), pageBytes(), 1, gather))
        .isEqualTo(unmapsHoles() ? pageBytes() : 0);
    assertThat(machine.dmesg.lines()).hasSize(linesOfTheMap + (unmapsHoles() ? 0 : 1));
  }

  @Test
  void theWalkInWordsEndsWhereTheTranslationDoes() {
    IoPgtable table = table();
    map(table, iova(), PA, pageBytes());

    assertThat(table.explain(iova() + 8).pa()).hasValue(PA + 8);
    assertThat(table.explain(iova() + 8).toString()).endsWith("-> pa 0x80000008");
    assertThat(table.explain(iova() + pageBytes()).pa()).isEmpty();
    assertThat(table.explain(iova() + pageBytes()).toString()).endsWith("-> nothing");
  }

  @Test
  void eachLeafIsShownOnceWithItsSizeAndInOrder() {
    IoPgtable table = table();
    List<String> mapped = new ArrayList<>();
    long iova = iova();
    for (long size : sizes()) {
      iova = iova + size - 1 & -size;
      long pa = PA + (iova - iova());
      map(table, iova, pa, size);
      mapped.add("%x+%x %x".formatted(iova, size, pa));
      iova += size;
    }

    List<String> shown = new ArrayList<>();
    table.forEachLeaf((at, size, pa, prot) -> {
      shown.add("%x+%x %x".formatted(at, size, pa));
      assertThat(prot & RW).isEqualTo(RW);
    });

    assertThat(shown).containsExactlyElementsIn(mapped).inOrder();
  }

  @Test
  void ofAnEmptyTableNoLeafIsShown() {
    table().forEachLeaf((iova, size, pa, prot) -> fail("%x".formatted(iova)));
  }

  final IoPgtable table() {
    return machine.table(format(), config());
  }

  private static void map(IoPgtable table, long iova, long pa, long size) {
    assertThat(table.mapPages(iova, pa, size, 1, RW)).isEqualTo(size);
  }

  /** Maps consecutive pages, in as many calls as the format needs. */
  private void mapPages(IoPgtable table, long iova, long pa, int pages) {
    long bytes = pages * pageBytes();
    for (long done = 0; done < bytes; ) {
      long left = (bytes - done) / pageBytes();
      long mapped = table.mapPages(iova + done, pa + done, pageBytes(), left, RW);
      assertThat(IoPgtable.errno(mapped)).isEqualTo(0);
      done += mapped;
    }
  }

  /** Unmaps pages until all are unmapped or nothing more is. */
  private long unmapPages(IoPgtable table, long iova, int pages) {
    long bytes = pages * pageBytes();
    long done = 0;
    while (done < bytes) {
      long left = (bytes - done) / pageBytes();
      long unmapped = table.unmapPages(iova + done, pageBytes(), left, gather);
      if (unmapped == 0) {
        break;
      }
      done += unmapped;
    }
    return done;
  }

  private ImmutableList<Long> sizes() {
    ImmutableList.Builder<Long> sizes = ImmutableList.builder();
    for (long rest = config().pgsizeBitmap(); rest != 0; rest &= rest - 1) {
      sizes.add(Long.lowestOneBit(rest));
    }
    return sizes.build();
  }

  private long pageBytes() {
    return Long.lowestOneBit(config().pgsizeBitmap());
  }
}
