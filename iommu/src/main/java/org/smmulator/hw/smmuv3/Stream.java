package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.smmuv3.SmmuV3Config.Feature;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tables.Updates;
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
    Stage1 stage1 = entry.stage1();
    Stage2 stage2 = entry.stage2();
    return new Stream(
        Kind.TRANSLATE,
        stage1 == null ? null : effective(config, stage1, stage2 != null),
        stage2,
        stage2 == null ? null : tables(config, stage2),
        config.has(Feature.STAGE_2) ? entry.vmid() : 0,
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

  /** True if the stream has stage 1 and S1CDMax covers {@code ssid}. */
  boolean hasSubstream(int ssid) {
    return stage1 != null && stage1.contextBits() > 0 && ssid >>> stage1.contextBits() == 0;
  }

  /** True if {@code ssid} is the substream whose descriptor S1DSS may give to others. */
  boolean isSubstream0(int ssid) {
    return ssid == 0 && hasSubstream(ssid);
  }

  private static boolean isLegal(SmmuV3Config config, Translated entry) {
    Stage1 stage1 = entry.stage1();
    Stage2 stage2 = entry.stage2();
    return (stage1 == null || isLegalStage1(config, stage1, stage2 != null))
        && (stage2 == null || isLegalStage2(config, stage2))
        && isLegalVmid(config, entry)
        && isLegalAts(config, entry.eats(), stage2);
  }

  private static boolean isLegalStage1(SmmuV3Config config, Stage1 said, boolean nested) {
    Stage1 stage1 = effective(config, said, nested);
    return config.has(Feature.STAGE_1)
        && stage1.contextBits() <= config.ssidBits()
        && (stage1.isLinear() || config.has(Feature.TWO_LEVEL_CONTEXTS))
        && (stage1.world() == Ste.STRW_NSEL1 || stage1.world() == Ste.STRW_EL2)
        && (nested || stage1.contextTable() >>> config.outputBits() == 0)
        && !(stage1.stallsDisabled() && config.stallModel() != StallModel.CHOICE);
  }

  /** {@code said} without the fields that are ignored: IHI 0070, 5.2, S1CDMax and STRW. */
  private static Stage1 effective(SmmuV3Config config, Stage1 said, boolean nested) {
    return new Stage1(
        said.contextTable(),
        said.format(),
        config.ssidBits() == 0 ? 0 : said.contextBits(),
        said.withoutSubstream(),
        nested || !config.has(Feature.EL2) ? Ste.STRW_NSEL1 : said.world(),
        said.stallsDisabled());
  }

  /** EL2 has no VMID, and neither has an SMMU without a stage 2. */
  private static boolean isLegalVmid(SmmuV3Config config, Translated entry) {
    Stage1 stage1 = entry.stage1();
    boolean nested = entry.stage2() != null;
    boolean ignored =
        !config.has(Feature.STAGE_2)
            || (stage1 != null && effective(config, stage1, nested).world() != Ste.STRW_NSEL1);
    return ignored || (entry.vmid() & ~config.tagMask()) == 0;
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
        && !(stage2.has(Stage2.Flag.S2HA) && config.updates() == Updates.NONE)
        && !(stage2.has(Stage2.Flag.S2HD) && config.updates() != Updates.ACCESS_FLAG_AND_DIRTY)
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
