package org.smmulator.regs.smmuv3;

import com.google.common.collect.ImmutableSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stream table entry, decoded. {@code toString()} tells it in the manual's words. Arm IHI 0070,
 * 5.2.
 *
 * <p>The words are laid out by {@link Ste}. Decoding judges nothing: an entry that says what an
 * SMMU cannot do is illegal to that SMMU only.
 */
public sealed interface StreamTableEntry {
  /** Decodes the first four words of an entry. */
  static StreamTableEntry decode(long word0, long word1, long word2, long word3) {
    if (!Ste.V.isSet(word0)) {
      return Untranslated.INVALID;
    }
    int config = Ste.CFG.getInt(word0);
    if (config < Ste.CFG_BYPASS) {
      return Untranslated.ABORT;
    }
    boolean first = config == Ste.CFG_S1_TRANS || config == Ste.CFG_NESTED;
    boolean second = config == Ste.CFG_S2_TRANS || config == Ste.CFG_NESTED;
    if (!first && !second) {
      return Untranslated.BYPASS;
    }
    return new Translated(
        first ? Stage1.decode(word0, word1) : null,
        second ? Stage2.decode(word2, word3) : null,
        Ste.S2VMID.getInt(word2),
        Ste.EATS.getInt(word1));
  }

  /** An entry with nothing beside V and Config. */
  enum Untranslated implements StreamTableEntry {
    /** V is clear: transactions abort with C_BAD_STE. */
    INVALID,
    /** Transactions abort, and no event is recorded. */
    ABORT,
    BYPASS
  }

  /**
   * An entry whose transactions are translated by one stage or both.
   *
   * @param vmid the tag of TLB entries of EL1 and of stage 2
   * @param eats one of {@link Ste}'s {@code EATS_*} codes, or 3: device permission tables
   */
  record Translated(@Nullable Stage1 stage1, @Nullable Stage2 stage2, int vmid, int eats)
      implements StreamTableEntry {
    @Override
    public String toString() {
      String ats =
          switch (eats) {
            case Ste.EATS_ABT -> "no ATS";
            case Ste.EATS_TRANS -> "ATS";
            case Ste.EATS_S1CHK -> "split-stage ATS";
            default -> "ATS with DPT";
          };
      return (stage1 == null ? "" : stage1 + ", ")
          + (stage2 == null ? "" : stage2 + ", ")
          + String.format(Locale.ROOT, "VMID=0x%x, %s", vmid, ats);
    }
  }

  /**
   * The way to the context descriptors.
   *
   * @param contextTable S1ContextPtr: an IPA if there is a stage 2
   * @param format one of {@link Ste}'s {@code S1FMT_*} codes, or 3, which is as linear
   * @param contextBits S1CDMax: the table has {@code 1 << contextBits} descriptors
   * @param withoutSubstream one of {@link Ste}'s {@code S1DSS_*} codes, or 3, which is as terminate
   * @param world one of {@link Ste}'s {@code STRW_*} codes, or 1 or 3, which are reserved
   * @param stallsDisabled S1STALLD: no context descriptor may ask for stalls
   */
  record Stage1(
      long contextTable,
      int format,
      int contextBits,
      int withoutSubstream,
      int world,
      boolean stallsDisabled) {
    private static Stage1 decode(long word0, long word1) {
      return new Stage1(
          word0 & Ste.S1CTXPTR.mask(),
          Ste.S1FMT.getInt(word0),
          Ste.S1CDMAX.getInt(word0),
          Ste.S1DSS.getInt(word1),
          Ste.STRW.getInt(word1),
          Ste.S1STALLD.isSet(word1));
    }

    /** True if the table of context descriptors has one level, whatever S1Fmt says of a single. */
    public boolean isLinear() {
      return contextBits == 0 || (format != Ste.S1FMT_4K_L2 && format != Ste.S1FMT_64K_L2);
    }

    /** How many bits of a substream index the second level of a table that has two. */
    public int split() {
      return format == Ste.S1FMT_64K_L2 ? Cd.L2_SPLIT_64K : Cd.L2_SPLIT_4K;
    }

    @Override
    public String toString() {
      String table =
          isLinear() ? "linear" : format == Ste.S1FMT_64K_L2 ? "64K level 2" : "4K level 2";
      String without =
          switch (withoutSubstream) {
            case Ste.S1DSS_TERMINATE -> "terminate";
            case Ste.S1DSS_BYPASS -> "bypass";
            case Ste.S1DSS_SSID0 -> "SubstreamID 0";
            default -> "reserved";
          };
      return String.format(
              Locale.ROOT, "S1 %d CDs at 0x%x (%s)", 1L << contextBits, contextTable, table)
          + (contextBits == 0 ? "" : ", S1DSS " + without)
          + (world == Ste.STRW_EL2 ? ", EL2" : "")
          + (stallsDisabled ? ", S1STALLD" : "");
    }
  }

  /**
   * The tables of stage 2.
   *
   * @param table S2TTB
   * @param inputBits the width of an IPA
   * @param startLevel of the first table; negative: S2SL0 makes no sense
   * @param granuleShift 12, 14 or 16; 0: the code is reserved
   * @param outputBits the width of an output address
   */
  record Stage2(
      long table,
      int inputBits,
      int startLevel,
      int granuleShift,
      int outputBits,
      ImmutableSet<Flag> flags) {
    /** The flags beside the tables. */
    public enum Flag {
      /** AArch64 tables. */
      S2AA64(Ste.S2AA64.mask()),
      /** Big-endian tables. */
      S2ENDI(Ste.S2ENDI.mask()),
      /** Walks of stage 1 through device memory fault. */
      S2PTW(Ste.S2PTW.mask()),
      /** Hardware sets dirty bits. */
      S2HD(Ste.S2HD.mask()),
      /** Hardware sets access flags. */
      S2HA(Ste.S2HA.mask()),
      /** Faults stall. */
      S2S(Ste.S2S.mask()),
      /** Faults are recorded. */
      S2R(Ste.S2R.mask());

      private final long mask;

      Flag(long mask) {
        this.mask = mask;
      }
    }

    private static Stage2 decode(long word2, long word3) {
      int granuleShift = ContextDescriptor.granuleShiftOfTg0(Ste.VTCR_S2TG.getInt(word2));
      ImmutableSet.Builder<Flag> flags = ImmutableSet.builder();
      for (Flag flag : Flag.values()) {
        if ((word2 & flag.mask) != 0) {
          flags.add(flag);
        }
      }
      return new Stage2(
          word3 & Ste.S2TTB.mask(),
          64 - Ste.VTCR_S2T0SZ.getInt(word2),
          (granuleShift == 12 ? 2 : 3) - Ste.VTCR_S2SL0.getInt(word2),
          granuleShift,
          SmmuV3Regs.addressBits(Ste.VTCR_S2PS.getInt(word2)),
          flags.build());
    }

    public boolean has(Flag flag) {
      return flags.contains(flag);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "S2 table 0x%x, %d bits from level %d, %dK, %d bits out %s",
          table,
          inputBits,
          startLevel,
          granuleShift == 0 ? 0 : 1 << (granuleShift - 10),
          outputBits,
          flags);
    }
  }
}
