package org.smmulator.iommu.pgtable;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.iommu.prot.IommuProt.CACHE;
import static org.smmulator.iommu.prot.IommuProt.READ;
import static org.smmulator.iommu.prot.IommuProt.WRITE;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.kernel.errno.Errno;

/** What every page table promises, whatever its format. */
abstract class IoPgtableContract {
  static final int RW = READ | WRITE;
  private static final long IOVA = 0x4000_0000L;
  private static final long PA = 0x8000_0000L;

  private final TableMachine machine = new TableMachine(16L << 20);
  private final IotlbGather gather = new IotlbGather();

  /** The format under test. */
  abstract IoPgtableFormat format();

  /** What to ask of it; must hold iovas and physical addresses from 1 GiB to 3 GiB. */
  abstract IoPgtableConfig config();

  /** A size of leaf that takes the place of a whole last-level table. */
  abstract long blockBytes();

  @AfterEach
  void powerOff() {
    machine.close();
  }

  @Test
  void anEmptyTableTranslatesNothing() {
    assertThat(table().iovaToPhys(42)).isEqualTo(0);
    assertThat(table().iovaToPhys(IOVA)).isEqualTo(0);
  }

  @Test
  void everySizeOfLeafTranslatesFromItsFirstByteToItsLast() {
    for (long size : sizes()) {
      IoPgtable table = table();
      map(table, IOVA, PA, size);

      assertThat(table.iovaToPhys(IOVA)).isEqualTo(PA);
      assertThat(table.iovaToPhys(IOVA + size - 1)).isEqualTo(PA + size - 1);
      assertThat(table.iovaToPhys(IOVA + size)).isEqualTo(0);
      assertThat(table.iovaToPhys(IOVA - 1)).isEqualTo(0);
    }
  }

  @Test
  void mappingTwiceIsEexistAndLeavesTheFirstMappingAlone() {
    for (long size : sizes()) {
      IoPgtable table = table();
      map(table, IOVA, PA, size);

      assertThat(table.mapPages(IOVA, PA + size, size, 1, READ)).isEqualTo(Errno.EEXIST.number());

      assertThat(table.iovaToPhys(IOVA + 42)).isEqualTo(PA + 42);
    }
  }

  @Test
  void aPageUnderABlockIsEexist() {
    IoPgtable table = table();
    map(table, IOVA, PA, blockBytes());

    long result = table.mapPages(IOVA + pageBytes(), PA, pageBytes(), 1, RW);

    assertThat(result).isEqualTo(Errno.EEXIST.number());
  }

  @Test
  void whatIsUnmappedIsGoneAndCanBeMappedAgain() {
    for (long size : sizes()) {
      IoPgtable table = table();
      map(table, IOVA, PA, size);

      assertThat(table.unmapPages(IOVA, size, 1, gather)).isEqualTo(size);
      assertThat(table.iovaToPhys(IOVA + 42)).isEqualTo(0);

      map(table, IOVA, PA + size, size);
      assertThat(table.iovaToPhys(IOVA + 42)).isEqualTo(PA + size + 42);
    }
  }

  @Test
  void manyPagesInOneCallAreConsecutive() {
    IoPgtable table = table();

    assertThat(table.mapPages(IOVA, PA, pageBytes(), 7, RW)).isEqualTo(7 * pageBytes());

    assertThat(table.iovaToPhys(IOVA + 6 * pageBytes() + 5)).isEqualTo(PA + 6 * pageBytes() + 5);
    assertThat(table.iovaToPhys(IOVA + 7 * pageBytes())).isEqualTo(0);
  }

  @Test
  void anUnmapStopsAtAHole() {
    IoPgtable table = table();
    assertThat(table.mapPages(IOVA, PA, pageBytes(), 2, RW)).isEqualTo(2 * pageBytes());
    map(table, IOVA + 3 * pageBytes(), PA, pageBytes());

    assertThat(table.unmapPages(IOVA, pageBytes(), 4, gather)).isEqualTo(2 * pageBytes());

    assertThat(table.iovaToPhys(IOVA + 3 * pageBytes())).isEqualTo(PA);
    assertThat(table.unmapPages(IOVA, pageBytes(), 4, gather)).isEqualTo(0);
  }

  @Test
  void eachUnmappedPageIsGatheredAndNothingElseIsFlushed() {
    IoPgtable table = table();
    assertThat(table.mapPages(IOVA, PA, pageBytes(), 3, RW)).isEqualTo(3 * pageBytes());

    assertThat(table.unmapPages(IOVA, pageBytes(), 2, gather)).isEqualTo(2 * pageBytes());

    assertThat(machine.flushes.pages).isEqualTo(2);
    assertThat(machine.flushes.walks).isEqualTo(0);
    assertThat(machine.flushes.all).isEqualTo(0);
    assertThat(gather.startIova()).isEqualTo(IOVA);
    assertThat(gather.endIova()).isEqualTo(IOVA + 2 * pageBytes() - 1);
  }

  @Test
  void aQueuedGatherAndNoGatherAreNotToldOfPages() {
    IoPgtable table = table();
    assertThat(table.mapPages(IOVA, PA, pageBytes(), 2, RW)).isEqualTo(2 * pageBytes());
    gather.setQueued(true);

    assertThat(table.unmapPages(IOVA, pageBytes(), 1, gather)).isEqualTo(pageBytes());
    assertThat(table.unmapPages(IOVA + pageBytes(), pageBytes(), 1, null)).isEqualTo(pageBytes());

    assertThat(machine.flushes.pages).isEqualTo(0);
  }

  @Test
  void aBlockInThePlaceOfATableFlushesTheWalkAndFreesTheTable() {
    IoPgtable table = table();
    map(table, IOVA, PA, pageBytes());
    long pagesWithTable = machine.owner.pagesInUse();

    map(table, IOVA, PA + blockBytes(), blockBytes());

    assertThat(machine.flushes.walks).isEqualTo(1);
    assertThat(machine.owner.pagesInUse()).isLessThan(pagesWithTable);
    assertThat(table.iovaToPhys(IOVA + 42)).isEqualTo(PA + blockBytes() + 42);
  }

  @Test
  void afterItsTableIsFreedAPageGetsANewOne() {
    IoPgtable table = table();
    map(table, IOVA, PA, pageBytes());
    assertThat(table.unmapPages(IOVA, blockBytes(), 1, gather)).isEqualTo(blockBytes());
    long pagesWithoutTable = machine.owner.pagesInUse();

    map(table, IOVA, PA, pageBytes());

    assertThat(machine.owner.pagesInUse()).isGreaterThan(pagesWithoutTable);
    assertThat(table.iovaToPhys(IOVA)).isEqualTo(PA);
    assertThat(table.iovaToPhys(IOVA + pageBytes())).isEqualTo(0);
  }

  @Test
  void partOfABlockCannotBeUnmappedAndTheLogSaysSoOnce() {
    IoPgtable table = table();
    map(table, IOVA, PA, blockBytes());

    assertThat(table.unmapPages(IOVA, pageBytes(), 1, gather)).isEqualTo(0);
    assertThat(table.unmapPages(IOVA, pageBytes(), 1, gather)).isEqualTo(0);

    assertThat(table.iovaToPhys(IOVA)).isEqualTo(PA);
    assertThat(machine.dmesg.lines()).hasSize(1);
    assertThat(machine.dmesg.lines().get(0).text())
        .endsWith("Unmap of a partial large IOPTE is not allowed");
  }

  @Test
  void neitherReadNorWriteIsEinval() {
    assertThat(table().mapPages(IOVA, PA, pageBytes(), 1, CACHE)).isEqualTo(Errno.EINVAL.number());
  }

  @Test
  void aSizeTheTableLacksIsEinvalAndUnmapsNothing() {
    IoPgtable table = table();

    assertThat(table.mapPages(IOVA, PA, 0, 1, RW)).isEqualTo(Errno.EINVAL.number());
    assertThat(table.mapPages(IOVA, PA, 2048, 1, RW)).isEqualTo(Errno.EINVAL.number());
    assertThat(table.unmapPages(IOVA, 2048, 1, gather)).isEqualTo(0);
    assertThat(table.unmapPages(IOVA, pageBytes(), 0, gather)).isEqualTo(0);
  }

  @Test
  void anAddressOutsideIsErangeAndUnmapsNothing() {
    IoPgtable table = table();
    long tooHigh = 1L << table.config().ias();
    long tooFar = 1L << table.config().oas();

    assertThat(table.mapPages(tooHigh, PA, pageBytes(), 1, RW)).isEqualTo(Errno.ERANGE.number());
    assertThat(table.mapPages(IOVA, tooFar, pageBytes(), 1, RW)).isEqualTo(Errno.ERANGE.number());
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
        result = table.mapPages(IOVA + tables * blockBytes(), PA, pageBytes(), 1, RW);
        tables++;
      }

      assertThat(result).isEqualTo(Errno.ENOMEM.number());
      assertThat(table.iovaToPhys(IOVA + (tables - 2) * blockBytes())).isEqualTo(PA);
      table.free();
      assertThat(small.owner.pagesInUse()).isEqualTo(0);
    }
  }

  @Test
  void freeingFlushesEverythingOnceAndGivesAllMemoryBack() {
    IoPgtable table = table();
    for (long size : sizes()) {
      map(table, IOVA + size, PA, size);
    }

    table.free();

    assertThat(machine.flushes.log).containsExactly("all");
    assertThat(machine.owner.pagesInUse()).isEqualTo(0);
  }

  @Test
  void withoutNoWarnTheLogTellsOfADoubleMapAndOfAHole() {
    IoPgtable table = machine.table(format(), config().without(Quirk.NO_WARN));
    map(table, IOVA, PA, pageBytes());

    assertThat(table.mapPages(IOVA, PA, pageBytes(), 1, RW)).isEqualTo(Errno.EEXIST.number());
    assertThat(table.unmapPages(IOVA + pageBytes(), pageBytes(), 1, gather)).isEqualTo(0);

    assertThat(machine.dmesg.lines()).hasSize(2);
  }

  @Test
  void theWalkInWordsEndsWhereTheTranslationDoes() {
    IoPgtable table = table();
    map(table, IOVA, PA, pageBytes());

    assertThat(table.explain(IOVA + 8).pa()).hasValue(PA + 8);
    assertThat(table.explain(IOVA + 8).toString()).endsWith("-> pa 0x80000008");
    assertThat(table.explain(IOVA + pageBytes()).pa()).isEmpty();
    assertThat(table.explain(IOVA + pageBytes()).toString()).endsWith("-> nothing");
  }

  private IoPgtable table() {
    return machine.table(format(), config());
  }

  private static void map(IoPgtable table, long iova, long pa, long size) {
    assertThat(table.mapPages(iova, pa, size, 1, RW)).isEqualTo(size);
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
