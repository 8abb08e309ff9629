package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.NOWHERE;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_BYPASS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S1;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STREAMS;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Which entries a stream and a substream lead to, and what a wrong entry is answered with. */
final class ConfigurationTest {
  private static final int SID = 5;
  private static final long IOVA = 0x1000;
  private static final long PA = 0x8050_0000L;
  private static final long OTHER_PA = 0x8060_0000L;

  private static final int BAD_STREAMID = 0x02;
  private static final int STE_FETCH = 0x03;
  private static final int BAD_STE = 0x04;
  private static final int STREAM_DISABLED = 0x06;
  private static final int BAD_SUBSTREAMID = 0x08;
  private static final int CD_FETCH = 0x09;
  private static final int BAD_CD = 0x0a;

  private static final long CFGI_STE = 0x03;
  private static final long CFGI_ALL = 0x04;
  private static final long CFGI_CD = 0x05;
  private static final long CFGI_CD_ALL = 0x06;

  private static final long DSS_BYPASS = 1;
  private static final long DSS_SSID0 = 2;
  private static final long FMT_64K = 2L << 4;

  private final SmmuV3Bench bench = new SmmuV3Bench();
  private final long root = bench.tables.table();
  private final long otherRoot = bench.tables.table();

  ConfigurationTest() throws DramUnavailableException {
    bench.tables.map(root, 0, IOVA, PA);
    bench.tables.map(otherRoot, 0, IOVA, OTHER_PA);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void outOfResetEverythingPassesUntilGbpaSaysAbort() {
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(IOVA);

    bench.write(SmmuV3Regs.GBPA, 1 << 31 | 1 << 20);
    assertThat(bench.read(SmmuV3Regs.GBPA) >>> 31).isEqualTo(1);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(IOVA);
    bench.settle();

    assertThat(bench.read(SmmuV3Regs.GBPA) >>> 31).isEqualTo(0);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);
  }

  @Test
  void cr0IsAcknowledgedSomeTimeAfterItWasWritten() {
    bench.write(SmmuV3Regs.CR0, 0xc);
    assertThat(bench.read(SmmuV3Regs.CR0ACK)).isEqualTo(0);

    bench.settle();

    assertThat(bench.read(SmmuV3Regs.CR0ACK)).isEqualTo(0xc);
  }

  @Test
  void anAbortEntryRefusesInSilenceAndABypassEntryLetsPass() {
    bench.ste(SID, STE_ABORT);
    bench.ste(SID + 1, STE_BYPASS);
    bench.start();

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);
    assertThat(bench.translate(SID + 1, IOVA, READ)).isEqualTo(IOVA);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void aStreamBeyondTheTableIsBad() {
    bench.start();

    assertThat(bench.translate(64, IOVA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo(64L << 32 | BAD_STREAMID);
    assertThat(bench.event(0, 1)).isEqualTo(0);
  }

  @Test
  void aTableThatIsNotInMemoryIsAFailedFetch() {
    bench.write(SmmuV3Regs.STRTAB_BASE, NOWHERE);
    bench.write(SmmuV3Regs.STRTAB_BASE_CFG, 6);
    bench.start(SmmuV3Bench.ALL_ON);

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | STE_FETCH);
    assertThat(bench.event(0, 3)).isEqualTo(NOWHERE + 64 * SID);
  }

  @Test
  void anEntryThatIsNotValidIsBad() {
    bench.start();

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | BAD_STE);
  }

  @Test
  void twoLevelsOfTheStreamTableSplitTheStreamId() {
    // split 8, 10 bits; SPAN 9 is 256 entries, SPAN 3 is 4
    bench.put(STREAMS, CONTEXTS | 9, 0, (CONTEXTS + 0x8000) | 3);
    bench.put(CONTEXTS + 64 * 0x12, STE_BYPASS);
    bench.put(CONTEXTS + 0x8000 + 64 * 3, STE_BYPASS);
    bench.write(SmmuV3Regs.STRTAB_BASE, STREAMS);
    bench.write(SmmuV3Regs.STRTAB_BASE_CFG, 1 << 16 | 8 << 6 | 10);
    bench.start(SmmuV3Bench.ALL_ON);

    assertThat(bench.translate(0x12, IOVA, READ)).isEqualTo(IOVA);
    assertThat(bench.translate(0x203, IOVA, READ)).isEqualTo(IOVA);
    assertThat(bench.eventsWritten()).isEqualTo(0);

    assertThat(bench.translate(0x112, IOVA, READ)).isEqualTo(ABORT); // no second level
    assertThat(bench.translate(0x204, IOVA, READ)).isEqualTo(ABORT); // beyond the span
    assertThat(bench.event(0, 0)).isEqualTo(0x112L << 32 | BAD_STREAMID);
    assertThat(bench.event(1, 0)).isEqualTo(0x204L << 32 | BAD_STREAMID);
  }

  @Test
  void oneContextDescriptorServesAStreamWithoutSubstreams() {
    bench.stage1(SID, root, 1, 0);
    bench.start();

    assertThat(bench.translate(SID, IOVA + 0x123, READ)).isEqualTo(PA + 0x123);
  }

  @Test
  void aSubstreamWhereThereAreNoneIsBad() {
    bench.stage1(SID, root, 1, 0);
    bench.ste(SID + 1, STE_BYPASS);
    bench.start();

    assertThat(bench.translate(SID, 3, IOVA, READ)).isEqualTo(ABORT);
    assertThat(bench.translate(SID + 1, 3, IOVA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 3 << 12 | 1 << 11 | BAD_SUBSTREAMID);
    assertThat(bench.event(1, 0) & 0xff).isEqualTo(BAD_SUBSTREAMID);
  }

  @Test
  void aLinearTableOfContextsIsIndexedByTheSubstream() {
    bench.cd(CONTEXTS, CD_48_4K | 1L << 48, root);
    bench.cd(CONTEXTS + 64 * 3, CD_48_4K | 2L << 48, otherRoot);
    bench.ste(SID, STE_S1 | CONTEXTS | 2L << 59, DSS_SSID0);
    bench.start();

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(PA);
    assertThat(bench.translate(SID, 3, IOVA, READ)).isEqualTo(OTHER_PA);
    assertThat(bench.translate(SID, 4, IOVA, READ)).isEqualTo(ABORT); // beyond S1CDMAX
    assertThat(bench.translate(SID, 0, IOVA, READ)).isEqualTo(ABORT); // the default has it
    assertThat(bench.event(0, 0) & 0xff).isEqualTo(BAD_SUBSTREAMID);
    assertThat(bench.event(1, 0)).isEqualTo((long) SID << 32 | 1 << 11 | STREAM_DISABLED);
  }

  @Test
  void twoLevelsOfContextsSplitTheSubstreamAfterTenBits() {
    long second = CONTEXTS + 0x1_0000;
    bench.put(CONTEXTS, 0, second | 1);
    bench.cd(second + 64 * 7, CD_48_4K | 2L << 48, otherRoot);
    bench.ste(SID, STE_S1 | CONTEXTS | FMT_64K | 16L << 59, DSS_BYPASS);
    bench.start();

    assertThat(bench.translate(SID, 0x407, IOVA, READ)).isEqualTo(OTHER_PA);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(IOVA); // S1DSS bypass

    assertThat(bench.translate(SID, 7, IOVA, READ)).isEqualTo(ABORT); // no second level
    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 7 << 12 | 1 << 11 | BAD_SUBSTREAMID);
  }

  @Test
  void withoutASubstreamTheStreamMayBeDisabled() {
    bench.ste(SID, STE_S1 | CONTEXTS | 2L << 59, 0);
    bench.start();

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | STREAM_DISABLED);
  }

  /** IHI 0070, 5.2, S1DSS: the reserved code is as terminate. */
  @Test
  void aReservedTreatmentOfThoseWithoutASubstreamDisablesThem() {
    bench.cd(CONTEXTS, CD_48_4K | 1L << 48, root);
    bench.ste(SID, STE_S1 | CONTEXTS | 2L << 59, 3);
    bench.start();

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);
    assertThat(bench.translate(SID, 0, IOVA, READ)).isEqualTo(PA);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | STREAM_DISABLED);
    assertThat(bench.eventsWritten()).isEqualTo(1);
  }

  /** IHI 0070, 3.4.3. */
  @Test
  void aSecondLevelOfContextsBeyondTheOutputAddressesIsABadSubstream() {
    bench.put(CONTEXTS, 1L << 48 | 1);
    bench.ste(SID, STE_S1 | CONTEXTS | FMT_64K | 12L << 59, DSS_BYPASS);
    bench.start();

    assertThat(bench.translate(SID, 7, IOVA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0) & 0xff).isEqualTo(BAD_SUBSTREAMID);
  }

  @Test
  void aContextDescriptorThatIsNotInMemoryIsAFailedFetch() {
    bench.ste(SID, STE_S1 | NOWHERE);
    bench.start();

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | CD_FETCH);
    assertThat(bench.event(0, 3)).isEqualTo(NOWHERE);
  }

  @Test
  void aContextDescriptorIsBadIfInvalidOr32BitOrWhereItMayNotStall() {
    long[] wrong = {
      CD_48_4K & ~(1L << 31),
      CD_48_4K & ~(1L << 41),
      (CD_48_4K & ~0x3fL) | 10, // 54 bits of address
      CD_48_4K | 3 << 6, // no such granule
    };
    for (int i = 0; i < wrong.length; i++) {
      bench.cd(CONTEXTS + 64L * i, wrong[i], root);
      bench.ste(i, STE_S1 | (CONTEXTS + 64L * i));
    }
    bench.start();
    for (int i = 0; i < wrong.length; i++) {
      assertThat(bench.translate(i, IOVA, READ)).isEqualTo(ABORT);
      assertThat(bench.event(i, 0)).isEqualTo((long) i << 32 | BAD_CD);
    }
  }

  @Test
  void aContextThatStallsIsBadWhereTheStreamForbidsIt() {
    bench.stage1(SID, root, 1, SmmuV3Bench.CD_STALL);
    bench.dram.putLong(STREAMS + 64 * SID + 8, 1L << 27);
    bench.start();

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | BAD_CD);
  }

  @Test
  void aChangedStreamEntryIsUsedOnlyOnceItIsInvalidated() {
    bench.ste(SID, STE_BYPASS);
    bench.start();
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(IOVA);

    bench.ste(SID, STE_ABORT);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(IOVA);
    bench.command(CFGI_STE | (long) (SID + 1) << 32, 1);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(IOVA);

    bench.command(CFGI_STE | (long) SID << 32, 1);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);
  }

  @Test
  void allStreamsOrARangeOfThemAreInvalidatedAtOnce() {
    for (int sid = 0; sid < 8; sid++) {
      bench.ste(sid, STE_BYPASS);
    }
    bench.start();
    for (int sid = 0; sid < 8; sid++) {
      var _ = bench.translate(sid, IOVA, READ);
      bench.ste(sid, STE_ABORT);
    }

    bench.command(CFGI_ALL | 5L << 32, 1); // the four streams that agree with 5 but for two bits
    assertThat(bench.translate(4, IOVA, READ)).isEqualTo(ABORT);
    assertThat(bench.translate(7, IOVA, READ)).isEqualTo(ABORT);
    assertThat(bench.translate(3, IOVA, READ)).isEqualTo(IOVA);

    bench.command(CFGI_ALL, 31);
    assertThat(bench.translate(3, IOVA, READ)).isEqualTo(ABORT);
  }

  @Test
  void aChangedContextIsUsedOnlyOnceItIsInvalidated() {
    bench.cd(CONTEXTS, CD_48_4K | 1L << 48, root);
    bench.cd(CONTEXTS + 64, CD_48_4K | 2L << 48, root);
    bench.ste(SID, STE_S1 | CONTEXTS | 2L << 59, DSS_SSID0);
    bench.start();
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(PA);
    assertThat(bench.translate(SID, 1, IOVA, READ)).isEqualTo(PA);

    bench.cd(CONTEXTS, CD_48_4K | 3L << 48, otherRoot);
    bench.cd(CONTEXTS + 64, CD_48_4K | 4L << 48, otherRoot);
    assertThat(bench.translate(SID, 1, IOVA, READ)).isEqualTo(PA);
    bench.command(CFGI_CD | 1 << 12 | (long) SID << 32, 1);
    assertThat(bench.translate(SID, 1, IOVA, READ)).isEqualTo(OTHER_PA);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(PA);

    bench.command(CFGI_CD_ALL | (long) SID << 32, 0);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(OTHER_PA);
  }

  @Test
  void turningItOffAndOnForgetsNothing() {
    bench.ste(SID, STE_BYPASS);
    bench.start();
    var _ = bench.translate(SID, IOVA, READ);
    bench.ste(SID, STE_ABORT);

    bench.write(SmmuV3Regs.CR0, 0);
    bench.settle();
    bench.start();

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(IOVA);
  }
}
