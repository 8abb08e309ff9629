package org.smmulator.hw.smmuv3;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.smmulator.hw.bus.BusMaster.READ;
import static org.smmulator.hw.bus.Translator.ABORT;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_48_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CD_STALL;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.CONTEXTS;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_40_4K;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.S2_STALL;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_NESTED;
import static org.smmulator.hw.smmuv3.SmmuV3Bench.STE_S1;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.Tables.Updates;

/**
 * Stream table entries and context descriptors that are illegal to one SMMU and legal, or ignored,
 * to another: the rows of SteIllegal() and CdIllegal(). Arm IHI 0070, 5.2.2 and 5.4.2.
 */
final class EntryLegalityTest {
  private static final int SID = 5;
  private static final long IOVA = 0x1000;
  private static final long PA = 0x8050_0000L;

  private static final long S1STALLD = 1L << 27;
  private static final long EATS_FULL = 1L << 28;
  private static final long EATS_SPLIT = 2L << 28;
  private static final long EATS_RESERVED = 3L << 28;
  private static final long STRW_RESERVED = 1L << 30;
  private static final long STRW_EL2 = 2L << 30;
  private static final long S2HD = 1L << 55;
  private static final long S2HA = 1L << 56;
  private static final long CD_HD = 1L << 42;
  private static final long CD_HA = 1L << 43;
  private static final long WIDE_ASID = 0x100L << 48;
  private static final long FOUR_CONTEXTS = 2L << 59;
  private static final long NOT_AN_ADDRESS = 1L << 48;

  /** The end that a transaction finds. */
  enum Outcome {
    TRANSLATED(-1),
    BAD_STE(0x04),
    BAD_CD(0x0a);

    final int event;

    Outcome(int event) {
      this.event = event;
    }
  }

  /**
   * Fields to be added to entries that are legal as they are.
   *
   * @param config the SMMU
   * @param ste the first word, without the pointer to the descriptor
   */
  record Row(
      String name,
      SmmuV3Config.Builder config,
      long ste,
      long ste1,
      long ste2,
      long cd,
      Outcome outcome) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Row> rows() {
    return Stream.of(
        stage1("S1STALLD where stalls are a choice", stalls(StallModel.CHOICE), S1STALLD, 0, true),
        stage1("S1STALLD where none stall", stalls(StallModel.NONE), S1STALLD, 0, false),
        stage1("S1STALLD where all stall", stalls(StallModel.FORCE), S1STALLD, CD_STALL, false),
        stage1("reserved StreamWorld", all(), STRW_RESERVED, 0, false),
        stage1("reserved StreamWorld without EL2", without(Feature.EL2), STRW_RESERVED, 0, true),
        stage1("StreamWorld EL2 without EL2", without(Feature.EL2), STRW_EL2, 0, true),
        stage1("split-stage ATS", all(), EATS_SPLIT, 0, false),
        stage1("split-stage ATS without ATS", withoutAts(), EATS_SPLIT, 0, true),
        stage1("the reserved code of EATS", all(), EATS_RESERVED, 0, true),
        nested("StreamWorld of a nested stream", all(), STRW_EL2, 0, Outcome.TRANSLATED),
        nested("reserved StreamWorld, nested", all(), STRW_RESERVED, 0, Outcome.TRANSLATED),
        nested("ATS where stage 2 stalls", all(), EATS_FULL, S2_STALL, Outcome.BAD_STE),
        nested("S2S where none stall", stalls(StallModel.NONE), 0, S2_STALL, Outcome.BAD_STE),
        nested("S2HA without updates", all(), 0, S2HA, Outcome.BAD_STE),
        nested("S2HD without updates", all(), 0, S2HD, Outcome.BAD_STE),
        nested("S2HD with access flags", flags(), 0, S2HA | S2HD, Outcome.BAD_STE),
        nested("VMID of 9 bits", without(Feature.WIDE_TAGS), 0, 0x100, Outcome.BAD_STE),
        stage1WithVmid("VMID of 9 bits, stage 1 alone", without(Feature.WIDE_TAGS), 0, false),
        stage1WithVmid("VMID of 9 bits of EL2", without(Feature.WIDE_TAGS), STRW_EL2, true),
        stage1WithVmid("VMID of 9 bits without stage 2", narrowWithoutStage2(), 0, true),
        stage1("HA without updates", all(), 0, CD_HA, Outcome.BAD_CD),
        stage1("HD without updates", all(), 0, CD_HD, Outcome.BAD_CD),
        stage1("HD with access flags", flags(), 0, CD_HA | CD_HD, Outcome.BAD_CD),
        stage1("HD without HA, where dirty bits are", dirty(), 0, CD_HD, Outcome.TRANSLATED),
        stage1("ASID of 9 bits", without(Feature.WIDE_TAGS), 0, WIDE_ASID, Outcome.BAD_CD),
        stage1("ASID of EL2", without(Feature.WIDE_TAGS), STRW_EL2, WIDE_ASID, Outcome.TRANSLATED),
        stage1("CD.S where none stall", stalls(StallModel.NONE), 0, CD_STALL, Outcome.BAD_CD),
        contexts("several contexts", all(), 0, Outcome.TRANSLATED),
        contexts("of a reserved format", all(), 3L << 4, Outcome.TRANSLATED),
        contexts("of two levels", without(Feature.TWO_LEVEL_CONTEXTS), 2L << 4, Outcome.BAD_STE),
        contexts("reserved", without(Feature.TWO_LEVEL_CONTEXTS), 3L << 4, Outcome.TRANSLATED),
        contexts("without substreams", ssids(0), 2L << 4, Outcome.TRANSLATED),
        contexts("of too many substreams", ssids(1), 0, Outcome.BAD_STE),
        contexts("too far away", all(), NOT_AN_ADDRESS, Outcome.BAD_STE));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void anEntryIsIllegalWhereTheArchitectureSaysSo(Row row) throws Exception {
    try (SmmuV3Bench bench = new SmmuV3Bench(row.config.build())) {
      long root2 = bench.tables.tables(2);
      for (long pa = 0x8000_0000L; pa < 0x8100_0000L; pa += 0x1000) {
        bench.tables.put(root2, 1, pa, 3, pa | 0b11 | 3 << 6 | 1 << 10);
      }
      long root = bench.tables.table();
      bench.tables.map(root, 0, IOVA, PA);
      bench.cd(CONTEXTS, CD_48_4K | row.cd, root);
      bench.ste(SID, row.ste | CONTEXTS, row.ste1, row.ste2, root2);
      bench.start();

      long pa = bench.translate(SID, IOVA, READ);

      assertThat(pa).isEqualTo(row.outcome == Outcome.TRANSLATED ? PA : ABORT);
      assertThat(bench.eventsWritten()).isEqualTo(row.outcome == Outcome.TRANSLATED ? 0 : 1);
      if (row.outcome != Outcome.TRANSLATED) {
        assertWithMessage(row.name).that(bench.event(0, 0) & 0xff).isEqualTo(row.outcome.event);
      }
    }
  }

  private static Row stage1(
      String name, SmmuV3Config.Builder config, long ste1, long cd, boolean legal) {
    return stage1(name, config, ste1, cd, legal ? Outcome.TRANSLATED : Outcome.BAD_STE);
  }

  private static Row stage1(
      String name, SmmuV3Config.Builder config, long ste1, long cd, Outcome outcome) {
    return new Row(name, config, STE_S1, ste1, 0, cd, outcome);
  }

  private static Row stage1WithVmid(
      String name, SmmuV3Config.Builder config, long ste1, boolean legal) {
    Outcome outcome = legal ? Outcome.TRANSLATED : Outcome.BAD_STE;
    return new Row(name, config, STE_S1, ste1, 0x100, 0, outcome);
  }

  private static Row nested(
      String name, SmmuV3Config.Builder config, long ste1, long ste2, Outcome outcome) {
    return new Row(name, config, STE_NESTED, ste1, S2_40_4K | ste2, 0, outcome);
  }

  /** Four contexts, of which the first serves those without a substream. */
  private static Row contexts(String name, SmmuV3Config.Builder config, long ste, Outcome outcome) {
    return new Row(name, config, STE_S1 | FOUR_CONTEXTS | ste, 2, 0, 0, outcome);
  }

  private static SmmuV3Config.Builder all() {
    return new SmmuV3Config.Builder();
  }

  private static SmmuV3Config.Builder without(Feature feature) {
    return all().without(feature);
  }

  private static SmmuV3Config.Builder withoutAts() {
    return without(Feature.PRI).without(Feature.ATS);
  }

  private static SmmuV3Config.Builder narrowWithoutStage2() {
    return without(Feature.WIDE_TAGS).without(Feature.STAGE_2);
  }

  private static SmmuV3Config.Builder ssids(int bits) {
    return all().ssidBits(bits);
  }

  private static SmmuV3Config.Builder flags() {
    return all().updates(Updates.ACCESS_FLAG);
  }

  private static SmmuV3Config.Builder dirty() {
    return all().updates(Updates.ACCESS_FLAG_AND_DIRTY);
  }

  private static SmmuV3Config.Builder stalls(StallModel model) {
    return all().stalls(model, 4);
  }
}
