package org.smmulator.hw.smmuv2;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.smmuv2.SmmuBench.SCTLR;
import static org.smmulator.hw.smmuv2.SmmuBench.TCR_SPLIT;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.hw.vmsa.Tlb;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;

/**
 * An invalidation takes effect a microsecond after it was written, each further one 50 ns after the
 * one before; until then what it is to forget still hits, and a sync is active.
 */
class InvalidationWindowTest {
  private static final int STREAM = 5;
  private static final int OTHER_STREAM = 6;
  private static final long IOVA = 0x4000_1000L;
  private static final long OLD = 0x8000_1000L;
  private static final long NEW = 0x8000_9000L;

  private final SmmuBench bench;
  private final HandTables tables;
  private final long root;

  InvalidationWindowTest() throws DramUnavailableException {
    bench =
        new SmmuBench(
            new SmmuV2Config(
                SmmuBench.STREAMS,
                SmmuBench.BANKS,
                SmmuBench.SPLIT,
                new SmmuV2Config.Costs(Tlb.UNBOUNDED, 64, 2, 20, 50, 1_000)));
    tables = bench.tables();
    root = tables.table();
    bench.enable();
    bench.route(0, STREAM, 0, 0);
    bench.route(1, OTHER_STREAM, 0, 1);
    bench.start(0, root, 0, TCR_SPLIT, SCTLR);
    bench.start(1, root, 0, TCR_SPLIT, SCTLR);
    tables.map(root, IOVA, OLD);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void inTheWindowTheStaleEntryStillHits() {
    process(() -> {
      assertThat(read()).isEqualTo(OLD);
      tables.map(root, IOVA, NEW);
      wait(100);
      long written = bench.time.nowNs();
      bench.bank(0, Cb.TLBIVAL, IOVA >> 12);

      waitUntil(written + 999);
      assertThat(read()).isEqualTo(OLD);
      waitUntil(written + 1_000);
      assertThat(read()).isEqualTo(NEW);
    });
  }

  @Test
  void aSyncIsActiveUntilWhatWasWrittenBeforeItIsThrough() {
    process(() -> {
      bench.bank(0, Cb.TLBIVAL, IOVA >> 12);
      bench.bank(0, Cb.TLBIVAL, (IOVA + 0x1000) >> 12);
      bench.bank(0, Cb.TLBSYNC, -1);

      waitUntil(1_049);
      assertThat(bench.bank(0, Cb.TLBSTATUS)).isEqualTo(1);
      waitUntil(1_050);
      assertThat(bench.bank(0, Cb.TLBSTATUS)).isEqualTo(0);
    });
  }

  @Test
  void whatIsWrittenAfterTheSyncDoesNotKeepItActive() {
    process(() -> {
      bench.bank(0, Cb.TLBIVAL, IOVA >> 12);
      bench.bank(0, Cb.TLBSYNC, -1);
      wait(900);
      bench.bank(0, Cb.TLBIASID, 0);

      waitUntil(1_000);
      assertThat(bench.bank(0, Cb.TLBSTATUS)).isEqualTo(0);
    });
  }

  @Test
  void aBanksSyncWaitsForThatBankAndTheGlobalOneForAll() {
    process(() -> {
      bench.bank(1, Cb.TLBIALL, -1);
      bench.bank(0, Cb.TLBSYNC, -1);
      bench.write(Gr0.STLBGSYNC, -1);

      assertThat(bench.bank(0, Cb.TLBSTATUS)).isEqualTo(0);
      assertThat(bench.read(Gr0.STLBGSTATUS)).isEqualTo(1);
      wait(1_000);
      assertThat(bench.read(Gr0.STLBGSTATUS)).isEqualTo(0);
    });
  }

  @Test
  void withNothingToForgetASyncIsThroughAtOnce() {
    process(() -> {
      bench.bank(0, Cb.TLBSYNC, -1);
      bench.write(Gr0.STLBGSYNC, -1);

      assertThat(bench.bank(0, Cb.TLBSTATUS)).isEqualTo(0);
      assertThat(bench.read(Gr0.STLBGSTATUS)).isEqualTo(0);
    });
  }

  @Test
  void eachKindHasItsWindow() {
    process(() -> {
      Runnable[] kinds = {
        () -> bench.bank(0, Cb.TLBIVA, IOVA >> 12),
        () -> bench.bank(0, Cb.TLBIASID, 0),
        () -> bench.bank(0, Cb.TLBIALL, 0),
        () -> bench.write(Gr0.TLBIVMID, 0),
        () -> bench.write(Gr0.TLBIALLNSNH, 0)
      };
      for (Runnable invalidate : kinds) {
        tables.map(root, IOVA, OLD);
        bench.smmu.invalidateAsid(0, 0);
        wait(1);
        assertThat(read()).isEqualTo(OLD);
        tables.map(root, IOVA, NEW);

        invalidate.run();
        assertThat(read()).isEqualTo(OLD);
        wait(1_000);
        assertThat(read()).isEqualTo(NEW);
      }
    });
  }

  @Test
  void hundredsAtOnceAreAllCarriedOutInTheirOrder() {
    process(() -> {
      for (int page = 0; page < 300; page++) {
        tables.map(root, IOVA + page * 4096L, OLD);
        assertThat(bench.translate(STREAM, IOVA + page * 4096L, READ)).isEqualTo(OLD);
        tables.map(root, IOVA + page * 4096L, NEW);
      }
      wait(1);
      long written = bench.time.nowNs();
      for (int page = 0; page < 300; page++) {
        bench.bank(0, Cb.TLBIVAL, (IOVA + page * 4096L) >> 12);
      }

      waitUntil(written + 1_000 + 50 * 200); // 201 of them
      assertThat(bench.translate(STREAM, IOVA + 200 * 4096L, READ)).isEqualTo(NEW);
      assertThat(bench.translate(STREAM, IOVA + 201 * 4096L, READ)).isEqualTo(OLD);
    });
  }

  @Test
  void whoPollsWithInterruptsOffSeesTheEndToo() {
    int[] polls = new int[1];
    bench.time.after(
        10,
        () -> {
          bench.bank(0, Cb.TLBIVAL, IOVA >> 12);
          bench.bank(0, Cb.TLBSYNC, -1);
          while (bench.bank(0, Cb.TLBSTATUS) != 0) {
            polls[0]++;
          }
        });

    boolean _ = bench.time.run(() -> false);

    assertThat(polls[0]).isEqualTo(10);
  }

  private void process(Runnable body) {
    Throwable[] failure = new Throwable[1];
    boolean[] ended = new boolean[1];
    bench.time.process(
        "test",
        () -> {
          try {
            body.run();
          } catch (AssertionError e) {
            failure[0] = e;
          }
          ended[0] = true;
        });
    boolean _ = bench.time.run(() -> false);
    if (failure[0] instanceof AssertionError e) {
      throw e;
    }
    assertThat(ended[0]).isTrue();
  }

  private void wait(int ns) {
    bench.time.consume(ns);
    bench.time.point();
  }

  /** Sleeps to that instant; whatever the process owes for hits is paid by then. */
  private void waitUntil(long timeNs) {
    bench.time.sleep(timeNs - bench.time.nowNs());
  }

  private long read() {
    return bench.translate(STREAM, IOVA, READ);
  }
}
