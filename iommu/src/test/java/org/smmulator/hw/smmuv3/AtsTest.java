package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static org.smmulator.hw.ats.AtsCompletion.COMPLETER_ABORT;
import static org.smmulator.hw.ats.AtsCompletion.UNSUPPORTED_REQUEST;
import static org.smmulator.hw.bus.BusMaster.INSTRUCTION;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.BusMaster.WRITE;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.bus.Translator.NO_SUBSTREAM;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.ALL_ON;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.NOWHERE;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STREAMS;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smmulator.hw.ats.AtcPort;
import org.smmulator.hw.dram.DramUnavailableException;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.vmsa.HandTables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** What an SMMU says to devices that do ATS, and how it takes back what they keep. */
final class AtsTest {
  private static final int SID = 5;
  private static final long IOVA = 0x7000;
  private static final long PA = 0x8050_0000L;
  private static final int ATSCHK = 1 << 4;

  private static final long EATS_FULL = 1L << 28;
  private static final long EATS_SPLIT = 2L << 28;
  private static final long EATS_DPT = 3L << 28;

  /** A completion's bits, as PCIe has them. */
  private static final long R = 1;

  private static final long W = 2;
  private static final long EXE = 8;
  private static final long S = 1 << 11;

  private static final long ATC_INV = 0x40;
  private static final long SYNC = 0x46;
  private static final long SSV = 1L << 11;
  private static final long GLOBAL = 1L << 9;

  private static final int CERROR_ATC_INV = 3;
  private static final int CMDQ_ERR = 1;

  private final SmmuV3Bench bench = new SmmuV3Bench();
  private final long root = bench.tables.table();
  private final List<String> heard = new ArrayList<>();
  private final List<Integer> tags = new ArrayList<>();

  AtsTest() throws DramUnavailableException {
    bench.stage1(SID, root, 1, 0);
    ats(EATS_FULL);
    bench.tables.map(root, 0, IOVA, PA);
    bench.start(); // which leaves ATSCHK clear
  }

  @AfterEach
  void close() {
    bench.close();
  }

  // ---- translation requests

  @Test
  void aRequestIsToldWhereThePageLeadsHowMuchItCoversAndWhatIsAllowed() {
    assertThat(ask(READ)).isEqualTo(PA | R | W);
    assertThat(ask(READ | WRITE)).isEqualTo(PA | R | W);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void toExecuteIsGrantedOnlyIfItWasAskedFor() {
    assertThat(ask(READ | INSTRUCTION)).isEqualTo(PA | R | W | EXE);
  }

  @Test
  void aReadOnlyPageGrantsReadingToOneThatWantsToWrite() {
    bench.tables.put(root, 0, IOVA + 0x1000, 3, PA | HandTables.PAGE | HandTables.READ_ONLY);

    assertThat(bench.smmu.translationRequest(SID, NO_SUBSTREAM, IOVA + 0x1000, WRITE))
        .isEqualTo(PA | R);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void aBlockSaysItsSizeInTheBitsBelowItsAddress() {
    long iova = 0x4020_0000L;
    bench.tables.put(root, 0, iova, 2, 0x8060_0000L | HandTables.BLOCK);

    long completion = bench.smmu.translationRequest(SID, NO_SUBSTREAM, iova + 0x12345, READ);

    // 2 MiB: bit 20 is the lowest clear one.
    assertThat(completion).isEqualTo(0x8060_0000L | 0xf_f000L | S | R | W);
  }

  @Test
  void whatIsNotThereIsAnAnswerWithoutRightsAndNoEvent() {
    assertThat(bench.smmu.translationRequest(SID, NO_SUBSTREAM, IOVA + 0x5000, READ)).isEqualTo(0);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void aStreamWhoseEntryHasItOffIsRefusedAndTheEventSaysSo() {
    ats(0);

    assertThat(ask(READ)).isEqualTo(UNSUPPORTED_REQUEST);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 0x05);
    assertThat(bench.event(0, 2)).isEqualTo(IOVA);
  }

  @Test
  void whatNeedsPermissionTablesIsOffAsThereAreNone() {
    ats(EATS_DPT);

    assertThat(ask(READ)).isEqualTo(UNSUPPORTED_REQUEST);
    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 0x05);
  }

  @Test
  void aBypassedStreamHasNoAtsWhateverItsEntrySays() {
    bench.ste(SID, SmmuV3Bench.STE_BYPASS, EATS_FULL);

    assertThat(ask(READ)).isEqualTo(UNSUPPORTED_REQUEST);
    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 0x05);
  }

  @Test
  void aStreamThatAbortsIsRefusedWithoutAWord() {
    bench.ste(SID, SmmuV3Bench.STE_ABORT, EATS_FULL);

    assertThat(ask(READ)).isEqualTo(UNSUPPORTED_REQUEST);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void errorsOfConfigurationAreACompleterAbortWithoutAnEvent() {
    bench.ste(SID, 0, 0);
    assertThat(ask(READ)).isEqualTo(COMPLETER_ABORT);
    assertThat(bench.smmu.translationRequest(0x7777, NO_SUBSTREAM, IOVA, READ))
        .isEqualTo(COMPLETER_ABORT);

    bench.ste(SID + 1, SmmuV3Bench.STE_S1 | NOWHERE, EATS_FULL);
    assertThat(bench.smmu.translationRequest(SID + 1, NO_SUBSTREAM, IOVA, READ))
        .isEqualTo(COMPLETER_ABORT);

    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void splitStageAtsIsNotThereAndIdr0SaysSo() {
    ats(EATS_SPLIT);

    assertThat(bench.read(SmmuV3Regs.IDR0) & 1 << 11).isNotEqualTo(0);
    assertThat(ask(READ)).isEqualTo(COMPLETER_ABORT);
    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);
    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 0x04);
  }

  @Test
  void aStageTwoThatStallsIsNotForAStreamWithAts() {
    bench.ste(
        SID,
        SmmuV3Bench.STE_S2,
        EATS_FULL,
        SmmuV3Bench.S2_40_4K | SmmuV3Bench.S2_STALL,
        bench.tables.table());

    assertThat(bench.translate(SID, IOVA, READ)).isEqualTo(ABORT);
    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 0x04);
  }

  @Test
  void whatSkipsStageOneIsItsOwnTranslation() {
    long bypass = 1; // S1DSS
    bench.ste(SID, SmmuV3Bench.STE_S1 | (CONTEXTS + 64 * SID) | 4L << 59, EATS_FULL | bypass);

    assertThat(ask(READ)).isEqualTo(IOVA | R | W);
  }

  @Test
  void whileNothingIsTranslatedARequestIsRefusedAndATranslatedAccessToo() {
    bench.write(SmmuV3Regs.CR0, ALL_ON & ~SmmuV3Bench.SMMUEN);
    bench.settle();

    assertThat(ask(READ)).isEqualTo(UNSUPPORTED_REQUEST);
    assertThat(bench.smmu.translated(SID, PA, READ)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 0x05);
    assertThat(bench.event(1, 0)).isEqualTo((long) SID << 32 | 0x07);
  }

  // ---- translated transactions

  @Test
  void uncheckedATranslatedAccessPassesWhoeverItIsFrom() {
    ats(0);

    assertThat(bench.smmu.translated(SID, PA + 8, WRITE)).isEqualTo(PA + 8);
    assertThat(bench.smmu.translated(0x7777, PA, READ)).isEqualTo(PA);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void checkedItPassesIfItsStreamHasAts() {
    check();

    assertThat(bench.smmu.translated(SID, PA + 8, WRITE)).isEqualTo(PA + 8);
  }

  @Test
  void checkedItIsForbiddenToAStreamWithout() {
    check();
    ats(0);

    assertThat(bench.smmu.translated(SID, PA + 8, WRITE)).isEqualTo(ABORT);

    assertThat(bench.event(0, 0)).isEqualTo((long) SID << 32 | 0x07);
    assertThat(bench.event(0, 1)).isEqualTo(0); // RnW
    assertThat(bench.event(0, 2)).isEqualTo(PA + 8);
  }

  @Test
  void checkedItIsAbortedInSilenceWhereTheStreamAbortsOrIsNotThere() {
    check();
    bench.ste(SID, SmmuV3Bench.STE_ABORT, EATS_FULL);
    bench.ste(SID + 1, 0, EATS_FULL);

    assertThat(bench.smmu.translated(SID, PA, READ)).isEqualTo(ABORT);
    assertThat(bench.smmu.translated(SID + 1, PA, READ)).isEqualTo(ABORT);
    assertThat(bench.smmu.translated(0x7777, PA, READ)).isEqualTo(ABORT);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  @Test
  void anAddressThatIsTooWideIsAborted() {
    assertThat(bench.smmu.translated(SID, 1L << 48, READ)).isEqualTo(ABORT);
    assertThat(bench.eventsWritten()).isEqualTo(0);
  }

  // ---- invalidations

  @Test
  void anInvalidationSaysWhatOfWhom() {
    bench.smmu.connect(SID, answering());
    long sid = (long) SID << 32;

    bench.command(ATC_INV | sid, 52);
    bench.command(ATC_INV | sid | SSV | 7 << 12, 0x1_2345_f000L | 3);
    bench.command(ATC_INV | sid | SSV | GLOBAL | 7 << 12, 0x1_2345_f000L);
    bench.command(ATC_INV | sid | GLOBAL, 0x4000);

    assertThat(heard)
        .containsExactly(
            "-1 false 0x0+2^52",
            "7 false 0x123458000+2^3",
            "7 true 0x12345f000+2^0",
            "-1 false 0x4000+2^0")
        .inOrder();
  }

  @Test
  void aSyncWaitsForTheAnswers() {
    bench.smmu.connect(SID, silent());
    bench.write(ATC_INV | (long) SID << 32, 52);
    bench.write(ATC_INV | (long) SID << 32, 52);
    bench.write(SYNC, 0);
    bench.kick();
    after(5_000);
    assertThat(cons()).isEqualTo(2);

    bench.smmu.invalidationCompleted(SID, tags.get(1));
    after(500);
    assertThat(cons()).isEqualTo(2);
    bench.smmu.invalidationCompleted(SID, tags.get(0));
    after(500);

    assertThat(cons()).isEqualTo(3);
    assertThat(bench.read(SmmuV3Regs.GERROR)).isEqualTo(0);
  }

  @Test
  void nobodyWaitsForADeviceThatIsNotThere() {
    bench.write(ATC_INV | 0x33L << 32, 52);
    bench.write(SYNC, 0);
    bench.kick();
    bench.settle();

    assertThat(cons()).isEqualTo(2);
  }

  @Test
  void aDeviceThatDoesNotAnswerFailsTheNextSyncOnce() {
    bench.smmu.connect(SID, silent());
    bench.write(ATC_INV | (long) SID << 32, 52);
    bench.write(0x01, 0);
    bench.write(SYNC, 0);
    bench.write(0x01, 0);
    bench.kick();
    bench.settle();

    assertThat(bench.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(CERROR_ATC_INV << 24 | 2);
    assertThat(bench.read(SmmuV3Regs.GERROR)).isEqualTo(CMDQ_ERR);

    bench.write(SmmuV3Regs.GERRORN, CMDQ_ERR);
    bench.settle();

    assertThat(cons()).isEqualTo(4);
    bench.smmu.invalidationCompleted(SID, tags.get(0)); // too late, and nobody minds
    bench.command(SYNC, 0);
    assertThat(cons()).isEqualTo(5);
  }

  @Test
  void moreInvalidationsThanCanBeUnderWayWait() {
    bench.smmu.connect(SID, silent());
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 12; j++) {
        bench.write(ATC_INV | (long) SID << 32, 0x1000L * j);
      }
      bench.kick();
      after(5_000);
    }
    assertThat(tags).hasSize(32);

    bench.smmu.invalidationCompleted(SID, tags.get(9));
    after(5_000);

    assertThat(tags).hasSize(33);
  }

  @Test
  void whileNothingIsTranslatedInvalidationsAreIgnored() {
    bench.smmu.connect(SID, silent());
    bench.write(SmmuV3Regs.CR0, ALL_ON & ~SmmuV3Bench.SMMUEN);
    bench.settle();

    bench.write(ATC_INV | (long) SID << 32, 52);
    bench.write(SYNC, 0);
    bench.kick();
    bench.settle();

    assertThat(tags).isEmpty();
    assertThat(cons()).isEqualTo(2);
  }

  @Test
  void withoutAtsTheCommandIsIllegal() throws Exception {
    SmmuV3Config config =
        new SmmuV3Config.Builder().without(Feature.PRI).without(Feature.ATS).build();
    try (SmmuV3Bench plain = new SmmuV3Bench(config)) {
      plain.start();
      plain.command(ATC_INV, 52);

      assertThat(plain.read(SmmuV3Regs.CMDQ_CONS)).isEqualTo(1 << 24);
      assertThat(plain.smmu.translationRequest(SID, NO_SUBSTREAM, IOVA, READ))
          .isEqualTo(UNSUPPORTED_REQUEST);
      assertThat(plain.smmu.translated(SID, PA, READ)).isEqualTo(ABORT);
      assertThat(plain.eventsWritten()).isEqualTo(0);
    }
  }

  // ---- helpers

  private void ats(long eats) {
    bench.dram.putLong(STREAMS + 64 * SID + 8, eats);
  }

  private void check() {
    bench.write(SmmuV3Regs.CR0, ALL_ON | ATSCHK);
    bench.settle();
  }

  private long ask(int access) {
    return bench.smmu.translationRequest(SID, NO_SUBSTREAM, IOVA, access);
  }

  private int cons() {
    return bench.read(SmmuV3Regs.CMDQ_CONS) & 0x1f;
  }

  private void after(long ns) {
    boolean[] due = new boolean[1];
    bench.time.after(ns, () -> due[0] = true);
    boolean _ = bench.time.run(() -> due[0]);
  }

  private AtcPort silent() {
    return (tag, ssid, global, first, pagesLog2) -> tags.add(tag);
  }

  private AtcPort answering() {
    return (tag, ssid, global, first, pagesLog2) -> {
      heard.add("%d %s 0x%x+2^%d".formatted(ssid, global, first, pagesLog2));
      bench.smmu.invalidationCompleted(SID, tag);
    };
  }
}
