package org.smmulator.hw.smmuv3;

import static org.smmulator.hw.smmuv3.TableFields.granuleShiftOfTg0;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.smmuv3.SmmuV3Config.StallModel;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.regs.smmuv3.SmmuV3Regs;
import org.smmulator.regs.smmuv3.Ste;

/**
 * A stream table entry, as it was when it was fetched. Arm IHI 0070, 5.2.
 *
 * @param kind what becomes of the stream's transactions
 * @param word0 where the context descriptors are and how many
 * @param word1 what belongs to stage 1 besides
 * @param vmid the tag of what is cached
 * @param stage2 the tables of stage 2, if the stream goes through them
 * @param stall2 whether faults of stage 2 stall
 * @param record2 whether they are recorded
 */
record Stream(
    Kind kind,
    long word0,
    long word1,
    int vmid,
    @Nullable Tables stage2,
    boolean stall2,
    boolean record2) {
  enum Kind {
    /** Refused in silence. */
    ABORT,
    BYPASS,
    TRANSLATE,
    /** Not a valid entry. */
    ILLEGAL
  }

  /** Says what the first four words of an entry mean to an SMMU of this kind. */
  static Stream decode(SmmuV3Config config, long word0, long word1, long word2, long word3) {
    if (!Ste.V.isSet(word0)) {
      return of(Kind.ILLEGAL, word0, word1);
    }
    int cfg = Ste.CFG.getInt(word0);
    if (cfg < Ste.CFG_BYPASS) {
      return of(Kind.ABORT, word0, word1);
    }
    boolean first = (cfg & 1) != 0;
    boolean second = (cfg & 2) != 0;
    if ((first && !isLegalStage1(config, second, word0, word1))
        || (second && !isLegalStage2(config, word2, word3))
        || ((first || second) && !isLegalAts(config, second, word1, word2))) {
      return of(Kind.ILLEGAL, word0, word1);
    }
    return new Stream(
        first || second ? Kind.TRANSLATE : Kind.BYPASS,
        word0,
        word1,
        config.stages().stage2() ? Ste.S2VMID.getInt(word2) & config.stages().tagMask() : 0,
        second ? stage2Tables(config, word2, word3) : null,
        second && Ste.S2S.isSet(word2),
        second && Ste.S2R.isSet(word2));
  }

  private static Stream of(Kind kind, long word0, long word1) {
    return new Stream(kind, word0, word1, 0, null, false, false);
  }

  boolean hasStage1() {
    return kind == Kind.TRANSLATE && (Ste.CFG.getInt(word0) & 1) != 0;
  }

  /** The address of the context descriptors: an IPA if there is a stage 2. */
  long contexts() {
    return word0 & Ste.S1CTXPTR.mask();
  }

  /** How the table of context descriptors is laid out: one of {@link Ste}'s S1FMT codes. */
  int contextFormat() {
    return Ste.S1FMT.getInt(word0);
  }

  /** The log2 of the number of context descriptors; zero: one, and no substreams. */
  int contextBits() {
    return Ste.S1CDMAX.getInt(word0);
  }

  /** What a transaction without a substream gets: one of {@link Ste}'s S1DSS codes. */
  int withoutSubstream() {
    return Ste.S1DSS.getInt(word1);
  }

  /** Whether its context descriptors must not ask for stalls. */
  boolean stallsDisabled() {
    return Ste.S1STALLD.isSet(word1);
  }

  /** Whether its stage-1 tables are the hypervisor's own. */
  boolean isEl2() {
    return Ste.STRW.getInt(word1) == Ste.STRW_EL2;
  }

  /**
   * Whether its device may ask for translations and use them: what STE.EATS comes to. It counts for
   * nothing where nothing is translated, and the encoding that needs device permission tables,
   * which are not there, is as if it were off.
   */
  boolean allowsAts() {
    return kind == Kind.TRANSLATE && Ste.EATS.getInt(word1) == Ste.EATS_TRANS;
  }

  private static boolean isLegalStage1(
      SmmuV3Config config, boolean second, long word0, long word1) {
    int contextBits = Ste.S1CDMAX.getInt(word0);
    int format = Ste.S1FMT.getInt(word0);
    int strw = Ste.STRW.getInt(word1);
    boolean el2 = strw == Ste.STRW_EL2;
    return config.stages().stage1()
        && contextBits <= config.streams().ssidBits()
        && (contextBits == 0 || Ste.S1DSS.getInt(word1) <= Ste.S1DSS_SSID0)
        && (contextBits == 0 || isLegalFormat(config, format))
        && (strw == Ste.STRW_NSEL1 || (el2 && config.stages().el2() && !second))
        && !(Ste.S1STALLD.isSet(word1) && config.faults().stallModel() == StallModel.FORCE);
  }

  /** Split-stage ATS is not there; and who waits for ATS must not be held up by stage 2. */
  private static boolean isLegalAts(SmmuV3Config config, boolean second, long word1, long word2) {
    int eats = config.faults().ats() ? Ste.EATS.getInt(word1) : Ste.EATS_ABT;
    return eats != Ste.EATS_S1CHK && !(eats == Ste.EATS_TRANS && second && Ste.S2S.isSet(word2));
  }

  private static boolean isLegalFormat(SmmuV3Config config, int format) {
    return format == Ste.S1FMT_LINEAR
        || (format <= Ste.S1FMT_64K_L2 && config.streams().twoLevelContexts());
  }

  private static boolean isLegalStage2(SmmuV3Config config, long word2, long word3) {
    SmmuV3Config.Stages stages = config.stages();
    int granuleShift = granuleShiftOfTg0(Ste.VTCR_S2TG.getInt(word2));
    if (!stages.stage2()
        || !Ste.S2AA64.isSet(word2)
        || Ste.S2ENDI.isSet(word2)
        || !stages.has(granuleShift)
        || !isLegalStall(config.faults().stallModel(), Ste.S2S.isSet(word2))) {
      return false;
    }
    Tables tables = stage2Tables(config, word2, word3);
    int stride = granuleShift - 3;
    return tables.inputBits() >= TableFields.MIN_INPUT_BITS
        && tables.inputBits() <= stages.outputBits()
        && tables.startLevel() >= 0
        && tables.startIndexBits() > 0
        && tables.startIndexBits() <= stride + TableFields.MAX_CONCATENATED_BITS
        && tables.base() >>> tables.outputBits() == 0;
  }

  /** IHI 0070, 5.5, from general knowledge: where all transactions stall, S2S has to say so. */
  private static boolean isLegalStall(StallModel model, boolean stalls) {
    return switch (model) {
      case CHOICE -> true;
      case NONE -> !stalls;
      case FORCE -> stalls;
    };
  }

  private static Tables stage2Tables(SmmuV3Config config, long word2, long word3) {
    int granuleShift = granuleShiftOfTg0(Ste.VTCR_S2TG.getInt(word2));
    int sl0 = Ste.VTCR_S2SL0.getInt(word2);
    int outputBits =
        Math.min(SmmuV3Regs.addressBits(Ste.VTCR_S2PS.getInt(word2)), config.stages().outputBits());
    return Tables.stage2(
        word3 & Ste.S2TTB.mask(),
        64 - Ste.VTCR_S2T0SZ.getInt(word2),
        granuleShift,
        granuleShift == 12 ? 2 - sl0 : 3 - sl0,
        outputBits);
  }
}
