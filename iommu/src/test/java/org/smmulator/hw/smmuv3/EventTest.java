package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.bus.BusMaster.INSTRUCTION;
import static org.smmulator.hw.bus.BusMaster.PRIVILEGED;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.bus.Translator.RAZ_WI;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_RECORD;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.EVENTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.NOWHERE;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_40_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_BYPASS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_NESTED;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S1;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S2;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** What the records of faults of translation say, and how the event queue takes them. */
final class EventTest {
  private static final int SID = 5;
  private static final long MAPPED = 0x1000;
  private static final long STRAY = 0xdead_b000L;
  private static final long PA = 0x8050_0000L;

  private static final int WALK_EABT = 0x0b;
  private static final int TRANSLATION = 0x10;
  private static final int ADDR_SIZE = 0x11;
  private static final int ACCESS = 0x12;
  private static final int PERMISSION = 0x13;

  private static final long PNU = 1L << 33;
  private static final long IND = 1L << 34;
  private static final long RNW = 1L << 35;
  private static final long S2 = 1L << 39;
  private static final long TT = 1L << 40;
  private static final long IN = 2L << 40;
  private static final long TT_READ = 1L << 44;

  private static final long S2R = 1L << 58;
  private static final int OVERFLOW = 1 << 31;

  private final SmmuV3Bench bench = new SmmuV3Bench();
  private final long root = bench.tables.table();

  EventTest() throws DramUnavailableException {
    bench.tables.map(root, 0, MAPPED, PA);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aTranslationFaultTellsWhoWhereAndHow() {
    bench.stage1(SID, root, 1, 0);
    bench.start();

    assertThat(bench.translate(SID, STRAY + 0x18, WRITE)).isEqualTo(ABORT);
    assertThat(bench.translate(SID, STRAY, READ | INSTRUCTION | PRIVILEGED)).isEqualTo(ABORT);

    assertEvent(0, (long) SID << 32 | TRANSLATION, IN, STRAY + 0x18, 0);
    assertEvent(1, (long) SID << 32 | TRANSLATION, IN | RNW | IND | PNU, STRAY, 0);
    assertThat(bench.eventsWritten()).isEqualTo(2);
  }

  @Test
  void aSubstreamIsTold() {
    bench.cd(CONTEXTS + 64 * 3, CD_48_4K | 1L << 48, root);
    bench.ste(SID, STE_S1 | CONTEXTS | 2L << 59, 2);
    bench.start();

    assertThat(bench.translate(SID, 3, STRAY, READ)).isEqualTo(ABORT);

    assertEvent(0, (long) SID << 32 | 3 << 12 | 1 << 11 | TRANSLATION, IN | RNW, STRAY, 0);
  }

  @Test
  void eachWayToFailHasItsNumber() {
    bench.tables.put(root, 0, 0x2000, 3, 1L << 47 | HandTables.PAGE);
    bench.tables.put(root, 0, 0x3000, 3, PA | (HandTables.PAGE & ~HandTables.ACCESSED));
    bench.tables.put(root, 0, 0x4000, 3, PA | HandTables.PAGE | HandTables.READ_ONLY);
    bench.stage1(SID, root, 1, 0);
    // IPS 40 bits: an output address of 48 bits is too wide
    long cd = CONTEXTS + 64 * SID;
    bench.dram.putLong(cd, (bench.dram.getLong(cd) & ~(7L << 32)) | 2L << 32);
    bench.start();

    assertThat(bench.translate(SID, 0x2000, WRITE)).isEqualTo(ABORT);
    assertThat(bench.translate(SID, 0x3000, WRITE)).isEqualTo(ABORT);
    assertThat(bench.translate(SID, 0x4000, WRITE)).isEqualTo(ABORT);

    assertEvent(0, (long) SID << 32 | ADDR_SIZE, IN, 0x2000, 0);
    assertEvent(1, (long) SID << 32 | ACCESS, IN, 0x3000, 0);
    assertEvent(2, (long) SID << 32 | PERMISSION, IN, 0x4000, 0);
  }

  @Test
  void aTableThatIsNotInMemoryIsAnExternalAbort() {
    bench.stage1(SID, NOWHERE, 1, 0);
    bench.start();

    assertThat(bench.translate(SID, MAPPED, READ)).isEqualTo(ABORT);

    assertEvent(0, (long) SID << 32 | WALK_EABT, TT | RNW, MAPPED, NOWHERE); // IHI 0070, 7.3.12
  }

  @Test
  void withoutRNothingIsRecordedAndWithoutATheMasterIsNotTold() {
    bench.stage1(SID, root, 1, 0);
    long cd = CONTEXTS + 64 * SID;
    bench.dram.putLong(cd, bench.dram.getLong(cd) & ~(CD_RECORD | CD_ABORT));
    bench.start();

    assertThat(bench.translate(SID, STRAY, READ)).isEqualTo(RAZ_WI);

    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void aFaultOfStage2TellsTheIpa() {
    long root2 = bench.tables.tables(2);
    bench.tables.put(root2, 1, 0x5000, 3, PA | HandTables.PAGE2_READ_ONLY);
    bench.ste(SID, STE_S2, 0, S2_40_4K | 7, root2);
    bench.start();

    assertThat(bench.translate(SID, 0x5010, WRITE)).isEqualTo(ABORT);
    assertThat(bench.translate(SID, 0x6010, READ)).isEqualTo(ABORT);

    assertEvent(0, (long) SID << 32 | PERMISSION, IN | S2, 0x5010, 0x5000);
    assertEvent(1, (long) SID << 32 | TRANSLATION, IN | S2 | RNW, 0x6010, 0x6000);
  }

  /** IHI 0070, 5.5: S2R is what records, and a stage-2 fault that is not recorded aborts. */
  @Test
  void withoutS2rAFaultOfStage2IsNotRecorded() {
    long root2 = bench.tables.tables(2);
    bench.ste(SID, STE_S2, 0, (S2_40_4K & ~S2R) | 7, root2);
    bench.start();

    assertThat(bench.translate(SID, 0x6010, READ)).isEqualTo(ABORT);

    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  /** IHI 0070, 3.4: such a fault is stage 1's, although there is no stage 1. */
  @Test
  void anAddressTooLargeForWhatFollowsABypassedStage1IsAnAddressSizeFault() {
    long root2 = bench.tables.tables(2);
    long tooLarge = 1L << 48;
    bench.ste(SID, STE_BYPASS);
    bench.ste(SID + 1, STE_S2, 0, (S2_40_4K & ~S2R) | 7, root2);
    bench.ste(SID + 2, STE_S1 | CONTEXTS | 2L << 59, 1); // S1DSS: bypass
    bench.start();

    assertThat(bench.translate(SID, tooLarge - 1, READ)).isEqualTo(tooLarge - 1);
    for (int i = 0; i < 3; i++) {
      assertThat(bench.translate(SID + i, tooLarge | 8, READ)).isEqualTo(ABORT);
      assertEvent(i, (long) (SID + i) << 32 | ADDR_SIZE, IN | RNW, tooLarge | 8, 0);
    }
    assertThat(bench.eventsWritten()).isEqualTo(3);
  }

  /** IHI 0070, 3.4: no event, because there is no configuration. */
  @Test
  void anAddressTooLargeForAnSmmuThatIsOffAborts() {
    assertThat(bench.translate(SID, 1L << 48, READ)).isEqualTo(ABORT);
    assertThat(bench.translate(SID, -8, READ)).isEqualTo(ABORT);
    assertThat(bench.translate(SID, (1L << 48) - 8, READ)).isEqualTo((1L << 48) - 8);
  }

  @Test
  void aNestedFaultTellsWhatStage2WasAskedFor() {
    long root2 = bench.tables.tables(2);
    long tablesIpa = 0x10_0000;
    bench.tables.put(root2, 1, CONTEXTS - 0x8000_0000L, 3, CONTEXTS | HandTables.PAGE2);
    bench.cd(CONTEXTS, CD_48_4K | 1L << 48, tablesIpa);
    bench.ste(SID, STE_NESTED | (CONTEXTS - 0x8000_0000L), 0, S2_40_4K | 7, root2);
    bench.ste(SID + 1, STE_NESTED | 0x70_0000, 0, S2_40_4K | 7, root2);
    bench.start();

    assertThat(bench.translate(SID, MAPPED, READ)).isEqualTo(ABORT);
    assertEvent(0, (long) SID << 32 | TRANSLATION, S2 | TT | TT_READ | RNW, MAPPED, tablesIpa);

    // now the first level of stage 1 is there, and says that the next is somewhere
    bench.tables.put(root2, 1, tablesIpa, 3, root | HandTables.PAGE2);
    bench.dram.putLong(root, 1L << 30 | HandTables.PAGE);
    bench.tables.put(root2, 1, 1L << 30, 3, bench.tables.table() | HandTables.PAGE2);
    assertThat(bench.translate(SID, MAPPED, READ)).isEqualTo(ABORT);
    assertThat(bench.event(1, 0) & 0xff).isEqualTo(TRANSLATION);
    assertThat(bench.event(1, 1) & S2).isEqualTo(0); // the table is empty: stage 1

    // the context descriptor itself
    assertThat(bench.translate(SID + 1, MAPPED, READ)).isEqualTo(ABORT);
    assertThat(bench.event(2, 0)).isEqualTo((long) (SID + 1) << 32 | TRANSLATION);
    assertThat(bench.event(2, 1) & (S2 | 3L << 40)).isEqualTo(S2);
    assertThat(bench.event(2, 3)).isEqualTo(0x70_0000);
  }

  @Test
  void aPermissionThatOnlyStage2RefusesTellsWhereStage1Led() {
    long root2 = bench.tables.tables(2);
    for (long pa = 0x8000_0000L; pa < 0x8100_0000L; pa += 0x1000) {
      bench.tables.put(root2, 1, pa, 3, pa | HandTables.PAGE2);
    }
    bench.tables.put(root2, 1, PA, 3, PA | HandTables.PAGE2_READ_ONLY);
    bench.cd(CONTEXTS, CD_48_4K | 1L << 48, root);
    bench.ste(SID, STE_NESTED | CONTEXTS, 0, S2_40_4K | 7, root2);
    bench.start();
    assertThat(bench.translate(SID, MAPPED, READ)).isEqualTo(PA);

    assertThat(bench.translate(SID, MAPPED + 4, WRITE)).isEqualTo(ABORT);

    assertEvent(0, (long) SID << 32 | PERMISSION, IN | S2, MAPPED + 4, PA);
  }

  // ---- the queue

  @Test
  void theInterruptIsHighWhileThereAreEvents() {
    bench.start();
    var _ = bench.translate(SID, STRAY, READ);
    assertThat(bench.eventPin.high).isTrue();

    bench.write1(SmmuV3Regs.EVTQ_CONS, 1);

    assertThat(bench.eventPin.high).isFalse();
  }

  @Test
  void aFullQueueLosesEventsAndSaysSoOnceUntilSoftwareHasSeenIt() {
    bench.start();
    for (int i = 0; i < 6; i++) {
      var _ = bench.translate(SID + i, STRAY, READ);
    }
    assertThat(bench.read1(SmmuV3Regs.EVTQ_PROD)).isEqualTo(OVERFLOW | 4);
    assertThat(bench.event(0, 0) >>> 32).isEqualTo(SID);
    assertThat(bench.event(3, 0) >>> 32).isEqualTo(SID + 3);

    bench.write1(SmmuV3Regs.EVTQ_CONS, OVERFLOW | 4); // all read, and the loss seen
    for (int i = 0; i < 5; i++) {
      var _ = bench.translate(SID + i, STRAY, READ);
    }
    assertThat(bench.read1(SmmuV3Regs.EVTQ_PROD)).isEqualTo(0); // round once more, toggled back
  }

  @Test
  void theEventInterruptIsAMessageOnceItHasAnAddress() {
    bench.write(SmmuV3Regs.EVTQ_IRQ_CFG0, CONTEXTS);
    bench.write(SmmuV3Regs.EVTQ_IRQ_CFG1, 0x55);
    bench.start();
    var _ = bench.translate(SID, STRAY, READ);
    assertThat(bench.dram.getInt(CONTEXTS)).isEqualTo(0x55);
    assertThat(bench.eventPin.rises).isEqualTo(0);

    bench.dram.putInt(CONTEXTS, 0);
    var _ = bench.translate(SID, STRAY, READ);
    assertThat(bench.dram.getInt(CONTEXTS)).isEqualTo(0); // only the first of several
  }

  @Test
  void aQueueThatIsNotInMemoryIsAGlobalError() {
    bench.start(SmmuV3Bench.CMDQEN);
    bench.write(SmmuV3Regs.EVTQ_BASE, NOWHERE | 2);
    bench.write(SmmuV3Regs.STRTAB_BASE, SmmuV3Bench.STREAMS);
    bench.write(SmmuV3Regs.STRTAB_BASE_CFG, 6);
    bench.write(SmmuV3Regs.CR0, SmmuV3Bench.ALL_ON);
    bench.settle();

    var _ = bench.translate(SID, STRAY, READ);

    assertThat(bench.read(SmmuV3Regs.GERROR)).isEqualTo(1 << 2);
    assertThat(bench.errorPin.high).isTrue();
  }

  @Test
  void nothingIsWrittenWhileTheQueueIsOff() {
    bench.write(SmmuV3Regs.STRTAB_BASE, SmmuV3Bench.STREAMS);
    bench.write(SmmuV3Regs.STRTAB_BASE_CFG, 6);
    bench.start(SmmuV3Bench.SMMUEN);

    assertThat(bench.translate(SID, STRAY, READ)).isEqualTo(ABORT);

    assertThat(bench.dram.getLong(EVENTS)).isEqualTo(0);
  }

  private void assertEvent(int n, long word0, long word1, long word2, long word3) {
    assertThat(bench.event(n, 0)).isEqualTo(word0);
    assertThat(bench.event(n, 1)).isEqualTo(word1);
    assertThat(bench.event(n, 2)).isEqualTo(word2);
    assertThat(bench.event(n, 3)).isEqualTo(word3);
  }
}
