package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;
import static org.smmulator.hw.vmsa.HandTables.BLOCK;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv2.Cb;

/**
 * The walk cache: an invalidation of leaves leaves it alone, and then a walk goes on through a
 * table that is no longer there.
 */
class WalkCacheTest {
  private static final int STREAM = 5;
  private static final long IOVA = 0x4000_1000L;
  private static final long NEIGHBOUR = 0x4000_2000L;
  private static final long OLD = 0x8000_1000L;
  private static final long NEW = 0x8000_9000L;
  private static final long ASID_3 = 3L << 48;

  private final SmmuBench bench;
  private final HandTables tables;
  private final long root;

  WalkCacheTest() throws DramUnavailableException {
    bench =
        new SmmuBench(
            new SmmuV2Config(
                SmmuBench.STREAMS,
                SmmuBench.BANKS,
                SmmuBench.SPLIT,
                new SmmuV2Config.Costs(8, 8, 2, 20, 50, 0)));
    tables = bench.tables();
    root = tables.table();
    bench.enable();
    bench.route(0, STREAM, 0, 0);
    bench.start(0, root | ASID_3, 0, TCR_SPLIT, SCTLR);
    tables.map(root, IOVA, OLD);
    tables.map(root, NEIGHBOUR, OLD + 0x1000);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void tlbivalLeavesTheTableThatWasReplaced() {
    assertThat(read(IOVA)).isEqualTo(OLD);
    replaceLastTable();

    bench.bank(0, Cb.TLBIVAL, IOVA >> 12 | ASID_3);

    assertThat(read(IOVA)).isEqualTo(OLD);
    assertThat(read(NEIGHBOUR)).isEqualTo(OLD + 0x1000);
  }

  @Test
  void tlbivaForgetsTheTablesOnTheWayToo() {
    assertThat(read(IOVA)).isEqualTo(OLD);
    replaceLastTable();

    bench.bank(0, Cb.TLBIVA, IOVA >> 12 | ASID_3);

    assertThat(read(IOVA)).isEqualTo(NEW);
  }

  @Test
  void theTablesOfAnAsidGoWithIt() {
    assertThat(read(IOVA)).isEqualTo(OLD);
    replaceLastTable();

    bench.bank(0, Cb.TLBIASID, 4);
    bench.bank(0, Cb.TLBIVAL, IOVA >> 12 | ASID_3);
    assertThat(read(IOVA)).isEqualTo(OLD);
    bench.bank(0, Cb.TLBIASID, 3);

    assertThat(read(IOVA)).isEqualTo(NEW);
  }

  @Test
  void whatIsNotThereIsNotRemembered() {
    assertThat(read(IOVA)).isEqualTo(OLD);
    var _ = read(IOVA + 0x20_0000);
    bench.bank(0, Cb.FSR, -1);

    tables.map(root, IOVA + 0x20_0000, NEW);

    assertThat(read(IOVA + 0x20_0000)).isEqualTo(NEW);
  }

  @Test
  void aTableOfAnotherAsidIsNotUsed() {
    assertThat(read(IOVA)).isEqualTo(OLD);
    long second = tables.table();
    tables.map(second, IOVA, NEW);

    bench.bank(0, Cb.TTBR0, second | 4L << 48);

    assertThat(read(IOVA)).isEqualTo(NEW);
  }

  @Test
  void rightsThatAHigherTableTakesAwayStayTakenAway() {
    long readOnlyTable = tables.entry(root, IOVA, 1);
    bench.dram.putLong(readOnlyTable, bench.dram.getLong(readOnlyTable) | 1L << 62);
    assertThat(read(IOVA)).isEqualTo(OLD);

    // A walk that starts at the last table.
    bench.bank(0, Cb.TLBIVAL, IOVA >> 12 | ASID_3);

    assertThat(bench.translate(STREAM, IOVA, org.smmulator.hw.bus.BusMaster.WRITE)).isEqualTo(-1);
    assertThat(bench.bank(0, Cb.FSR)).isEqualTo(0x408);
  }

  @Test
  void aBlockInPlaceOfATableIsSeenOnceTheTableIsForgotten() {
    assertThat(read(IOVA)).isEqualTo(OLD);
    tables.put(root, IOVA, 2, 0x8020_0000L | BLOCK);
    bench.bank(0, Cb.TLBIVAL, IOVA >> 12 | ASID_3);
    assertThat(read(IOVA)).isEqualTo(OLD);

    bench.bank(0, Cb.TLBIVA, IOVA >> 12 | ASID_3);

    assertThat(read(IOVA)).isEqualTo(0x8020_1000L);
  }

  @Test
  void aTlbOfEightEntriesForgetsTheOldestOfASet() {
    for (int page = 0; page < 64; page++) {
      tables.map(root, IOVA + page * 4096L, OLD);
      assertThat(read(IOVA + page * 4096L)).isEqualTo(OLD);
    }
    int stale = 0;
    for (int page = 0; page < 64; page++) {
      tables.map(root, IOVA + page * 4096L, NEW);
    }
    for (int page = 63; page >= 0; page--) {
      stale += read(IOVA + page * 4096L) == OLD ? 1 : 0;
    }

    assertThat(stale).isAtMost(8);
    assertThat(stale).isAtLeast(1);
  }

  /** The last table of the way to IOVA is another, and in it IOVA leads elsewhere. */
  private void replaceLastTable() {
    long another = tables.table();
    bench.dram.putLong(another + 8 * (IOVA >> 12 & 0x1ff), NEW | HandTables.PAGE);
    tables.put(root, IOVA, 2, another | 0b11);
  }

  private long read(long iova) {
    return bench.translate(STREAM, iova, READ);
  }
}
