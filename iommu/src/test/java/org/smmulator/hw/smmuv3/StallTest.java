package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_STALL;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_40_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_STALL;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S2;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Transactions that wait in the SMMU until software says what becomes of them. */
final class StallTest {
  private static final int SID = 5;
  private static final long STRAY = 0x7000;
  private static final long PA = 0x8050_0000L;
  private static final long STALL = 1L << 31;

  private static final int TERMINATE = 0;
  private static final int RETRY = 1;
  private static final int ABORT = 2;

  private final SmmuV3Bench bench = new SmmuV3Bench();
  private final long root = bench.tables.table();

  StallTest() throws DramUnavailableException {
    bench.stage1(SID, root, 1, CD_STALL);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aStalledTransactionGoesOnOnceItsPageIsThere() {
    bench.start();
    bench.transaction("dma", SID, STRAY, READ);
    assertThat(bench.log).isEmpty();
    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 0x10);
    assertThat(bench.event(0, 1) & STALL).isEqualTo(STALL);
    assertThat(bench.event(0, 2)).isEqualTo(STRAY);

    bench.tables.map(root, 0, STRAY, PA);
    resume(SID, stag(0), RETRY);

    assertThat(bench.log).containsExactly("dma 0x80500000");
  }

  @Test
  void aRetryThatFaultsAgainIsAnEventAgain() {
    bench.start();
    bench.transaction("dma", SID, STRAY, READ);

    resume(SID, stag(0), RETRY);

    assertThat(bench.log).isEmpty();
    assertThat(bench.eventsWritten()).isEqualTo(2);
  }

  /** IHI 0070, 4.7.1: Ab alone decides; CD.A is for transactions that do not stall. */
  @ParameterizedTest
  @ValueSource(longs = {0, CD_ABORT})
  void terminateIsSilentAndAbortIsNotWhateverTheContextSays(long flags) {
    long cd = CONTEXTS + 64 * SID;
    bench.dram.putLong(cd, (bench.dram.getLong(cd) & ~CD_ABORT) | flags);
    bench.start();
    bench.transaction("first", SID, STRAY, READ);
    bench.transaction("second", SID, STRAY, READ);

    resume(SID, stag(0), TERMINATE);
    resume(SID, stag(1), ABORT);

    assertThat(bench.log)
        .containsExactly("first 0xfffffffffffffffe", "second 0xffffffffffffffff")
        .inOrder();
  }

  /** IHI 0070, 4.7.1: Ab is ignored with Ac. */
  @Test
  void aRetryThatSaysAbortIsARetry() {
    bench.start();
    bench.transaction("dma", SID, STRAY, READ);
    bench.tables.map(root, 0, STRAY, PA);

    resume(SID, stag(0), RETRY | ABORT);

    assertThat(bench.log).containsExactly("dma 0x80500000");
  }

  /** IHI 0070, 4.7.2. */
  @Test
  void allStalledTransactionsOfOneStreamCanBeTerminatedAtOnce() {
    bench.stage1(SID + 1, root, 1, CD_STALL);
    bench.start();
    bench.transaction("first", SID, STRAY, READ);
    bench.transaction("other", SID + 1, STRAY, READ);
    bench.transaction("second", SID, STRAY + 0x1000, READ);

    bench.command(0x45 | (long) SID << 32, 0);

    assertThat(bench.log).containsExactly("first 0xffffffffffffffff", "second 0xffffffffffffffff");
  }

  @Test
  void resumeReachesTheTransactionThatItNamesAndNoOther() {
    bench.start();
    bench.transaction("first", SID, STRAY, READ);
    bench.transaction("second", SID, STRAY + 0x1000, READ);
    assertThat(stag(0)).isNotEqualTo(stag(1));

    resume(SID + 1, stag(0), ABORT); // another stream
    resume(SID, 99, ABORT); // no such tag
    assertThat(bench.log).isEmpty();

    resume(SID, stag(1), ABORT);
    assertThat(bench.log).containsExactly("second 0xffffffffffffffff");
  }

  @Test
  void othersGoOnWhileOneIsStalled() {
    bench.tables.map(root, 0, 0x1000, PA);
    bench.start();
    bench.transaction("stalled", SID, STRAY, READ);

    assertThat(bench.translate(SID, 0x1000, READ)).isEqualTo(PA);
  }

  @Test
  void whoFindsNoPlaceWaitsWithoutAnEventUntilThereIsOne() throws DramUnavailableException {
    SmmuV3Config config = new SmmuV3Config.Builder().stalls(StallModel.CHOICE, 1).build();
    try (SmmuV3Bench small = new SmmuV3Bench(config)) {
      small.stage1(SID, small.tables.table(), 1, CD_STALL);
      small.start();
      small.transaction("first", SID, STRAY, READ);
      small.transaction("second", SID, STRAY + 0x1000, READ);
      assertThat(small.eventsWritten()).isEqualTo(1);

      small.command(0x44 | ABORT << 12 | (long) SID << 32, 0);

      assertThat(small.log).containsExactly("first 0xffffffffffffffff");
      assertThat(small.eventsWritten()).isEqualTo(2);
      assertThat(small.event(1, 2)).isEqualTo(STRAY + 0x1000);
    }
  }

  @Test
  void theEventOfAStalledTransactionIsLateButNeverLost() {
    bench.start();
    for (int i = 0; i < 4; i++) {
      var _ = bench.translate(50 + i, STRAY, READ); // fill the queue with other events
    }
    bench.transaction("dma", SID, STRAY, READ);
    assertThat(bench.read1(SmmuV3Regs.EVTQ_PROD)).isEqualTo(4); // not even an overflow

    bench.write1(SmmuV3Regs.EVTQ_CONS, 1);

    assertThat(bench.read1(SmmuV3Regs.EVTQ_PROD)).isEqualTo(5);
    assertThat(bench.event(4, 2)).isEqualTo(STRAY);
    assertThat(bench.event(4, 1) & STALL).isEqualTo(STALL);
  }

  @Test
  void turningTheSmmuOffAbortsWhoIsStalled() {
    bench.start();
    bench.transaction("dma", SID, STRAY, READ);

    bench.write(SmmuV3Regs.CR0, 0);
    bench.settle();

    assertThat(bench.log).containsExactly("dma 0xffffffffffffffff");
  }

  @Test
  void stage2StallsByItsOwnBit() {
    long root2 = bench.tables.tables(2);
    bench.ste(SID, STE_S2, 0, S2_40_4K | S2_STALL | 7, root2);
    bench.start();
    bench.transaction("dma", SID, STRAY, READ);
    assertThat(bench.log).isEmpty();

    bench.tables.put(root2, 1, STRAY, 3, PA | HandTables.PAGE2);
    resume(SID, stag(0), RETRY);

    assertThat(bench.log).containsExactly("dma 0x80500000");
  }

  /** IHI 0070, 4.7.1: what stage 2 cannot be configured to do, software can still do. */
  @Test
  void aStalledTransactionOfStage2CanEndInSilence() {
    bench.ste(SID, STE_S2, 0, S2_40_4K | S2_STALL | 7, bench.tables.tables(2));
    bench.start();
    bench.transaction("dma", SID, STRAY, READ);

    resume(SID, stag(0), TERMINATE);

    assertThat(bench.log).containsExactly("dma 0xfffffffffffffffe");
  }

  @Test
  void whereAllStallAContextThatDoesNotIsBad() throws DramUnavailableException {
    SmmuV3Config config = new SmmuV3Config.Builder().stalls(StallModel.FORCE, 4).build();
    try (SmmuV3Bench forced = new SmmuV3Bench(config)) {
      forced.stage1(SID, forced.tables.table(), 1, 0);
      forced.start();
      forced.transaction("dma", SID, STRAY, READ);

      assertThat(forced.log).containsExactly("dma 0xffffffffffffffff");
      assertThat(forced.event(0, 0) & 0xff).isEqualTo(0x0a);
    }
  }

  private int stag(int event) {
    return (int) bench.event(event, 1) & 0xffff;
  }

  private void resume(int sid, int stag, int response) {
    bench.command(0x44 | (long) response << 12 | (long) sid << 32, stag);
  }
}
