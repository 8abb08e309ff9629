package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.regs.smmuv3.Ste;
import org.smmulator.regs.smmuv3.StreamTableEntry;
import org.smmulator.regs.smmuv3.StreamTableEntry.Stage1;
import org.smmulator.regs.smmuv3.StreamTableEntry.Stage2;
import org.smmulator.regs.smmuv3.StreamTableEntry.Translated;
import org.smmulator.regs.smmuv3.StreamTableEntry.Untranslated;

/**
 * A stream table entry, as it was when it was fetched, and its meaning to this SMMU. Arm IHI 0070,
 * 5.2.
 *
 * @param stage1 the way to the context descriptors, if stage 1 is in use
 * @param stage2 the fields of stage 2, if that is in use
 * @param tables the tables of stage 2, likewise
 * @param vmid the tag of TLB entries
 * @param allowsAts whether its device may ask for translations and use them
 */
record Stream(
    Kind kind,
    @Nullable Stage1 stage1,
    @Nullable Stage2 stage2,
    @Nullable Tables tables,
    int vmid,
    boolean allowsAts) {
  enum Kind {
    /** Refused, and no event is recorded. */
    ABORT,
    BYPASS,
    TRANSLATE,
    /** Not a valid entry. */
    ILLEGAL
  }

  /** Up to 16 tables in a row may make up the first level of stage 2. */
  private static final int MAX_CONCATENATED_BITS = 4;

  /** Decodes the first four words of an entry. */
  static Stream decode(SmmuV3Config config, long word0, long word1, long word2, long word3) {
    return switch (StreamTableEntry.decode(word0, word1, word2, word3)) {
      case Untranslated.INVALID -> untranslated(Kind.ILLEGAL);
      case Untranslated.ABORT -> untranslated(Kind.ABORT);
      case Untranslated.BYPASS -> untranslated(Kind.BYPASS);
      case Translated entry ->
          isLegal(config, entry) ? translated(config, entry) : untranslated(Kind.ILLEGAL);
    };
  }

  private static Stream untranslated(Kind kind) {
    return new Stream(kind, null, null, null, 0, false);
  }

  private static Stream translated(SmmuV3Config config, Translated entry) {
    Stage2 stage2 = entry.stage2();
    return new Stream(
        Kind.TRANSLATE,
        entry.stage1(),
        stage2,
        stage2 == null ? null : tables(config, stage2),
        config.has(Feature.STAGE_2) ? entry.vmid() & config.tagMask() : 0,
        // The encoding with device permission tables, which no model has, is as if ATS were off.
        entry.eats() == Ste.EATS_TRANS);
  }

  /** True if its stage-1 tables are EL2's. */
  boolean isEl2() {
    return stage1 != null && stage1.world() == Ste.STRW_EL2;
  }

  /** True if no SubstreamID accompanies a transaction where substreams are in use. */
  boolean lacksSubstream(int ssid) {
    return ssid == SmmuV3.NO_SUBSTREAM && stage1 != null && stage1.contextBits() > 0;
  }

  /**
   * True if the stream has stage 1, S1CDMax covers {@code ssid}, and {@code ssid} is not the 0 that
   * S1DSS reserves.
   */
  boolean hasSubstream(int ssid) {
    return stage1 != null
        && stage1.contextBits() > 0
        && ssid >>> stage1.contextBits() == 0
        && !(ssid == 0 && stage1.withoutSubstream() == Ste.S1DSS_SSID0);
  }

  private static boolean isLegal(SmmuV3Config config, Translated entry) {
    Stage1 stage1 = entry.stage1();
    Stage2 stage2 = entry.stage2();
    return (stage1 == null || isLegalStage1(config, stage1, stage2 != null))
        && (stage2 == null || isLegalStage2(config, stage2))
        && isLegalAts(config, entry.eats(), stage2);
  }

  private static boolean isLegalStage1(SmmuV3Config config, Stage1 stage1, boolean nested) {
    boolean el2 = stage1.world() == Ste.STRW_EL2 && config.has(Feature.EL2) && !nested;
    return config.has(Feature.STAGE_1)
        && stage1.contextBits() <= config.ssidBits()
        && (stage1.contextBits() == 0 || stage1.withoutSubstream() <= Ste.S1DSS_SSID0)
        && (stage1.isLinear() || isLegalFormat(config, stage1.format()))
        && (stage1.world() == Ste.STRW_NSEL1 || el2)
        && !(stage1.stallsDisabled() && config.stallModel() == StallModel.FORCE);
  }

  private static boolean isLegalFormat(SmmuV3Config config, int format) {
    return format <= Ste.S1FMT_64K_L2 && config.has(Feature.TWO_LEVEL_CONTEXTS);
  }

  /** Split-stage ATS is not modelled; and a stalled stage 2 would hold up who waits for ATS. */
  private static boolean isLegalAts(SmmuV3Config config, int eats, @Nullable Stage2 stage2) {
    boolean stalls = stage2 != null && stage2.has(Stage2.Flag.S2S);
    return !config.has(Feature.ATS)
        || (eats != Ste.EATS_S1CHK && !(eats == Ste.EATS_TRANS && stalls));
  }

  private static boolean isLegalStage2(SmmuV3Config config, Stage2 stage2) {
    int stride = stage2.granuleShift() - 3;
    int rootBits = stage2.inputBits() - stage2.granuleShift() - stride * (3 - stage2.startLevel());
    return config.has(Feature.STAGE_2)
        && stage2.has(Stage2.Flag.S2AA64)
        && !stage2.has(Stage2.Flag.S2ENDI)
        && config.hasGranule(stage2.granuleShift())
        && isLegalStall(config.stallModel(), stage2.has(Stage2.Flag.S2S))
        && stage2.inputBits() >= StreamContext.MIN_INPUT_BITS
        && stage2.inputBits() <= config.outputBits()
        && stage2.startLevel() >= 0
        && rootBits > 0
        && rootBits <= stride + MAX_CONCATENATED_BITS
        && stage2.table() >>> outputBits(config, stage2) == 0;
  }

  /** IHI 0070, 5.5: where all transactions stall, S2S has to say so. */
  private static boolean isLegalStall(StallModel model, boolean stalls) {
    return switch (model) {
      case CHOICE -> true;
      case NONE -> !stalls;
      case FORCE -> stalls;
    };
  }

  private static Tables tables(SmmuV3Config config, Stage2 stage2) {
    return new Tables.Builder(
            Tables.Format.STAGE_2, stage2.table(), stage2.inputBits(), stage2.granuleShift())
        .startLevel(stage2.startLevel())
        .outputBits(outputBits(config, stage2))
        .wideOutput()
        .build();
  }

  private static int outputBits(SmmuV3Config config, Stage2 stage2) {
    return Math.min(stage2.outputBits(), config.outputBits());
  }
}
