package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.Gr0.S2CR_CBNDX;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_EXIDVALID;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_PRIVCFG;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_TYPE;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_TYPE_BYPASS;
import static org.smmulator.regs.smmuv2.Gr0.S2CR_TYPE_FAULT;
import static org.smmulator.regs.smmuv2.Gr0.SMR_EXT_MASK;
import static org.smmulator.regs.smmuv2.Gr0.SMR_ID;
import static org.smmulator.regs.smmuv2.Gr0.SMR_MASK;
import static org.smmulator.regs.smmuv2.Gr0.SMR_VALID;

import java.util.Arrays;

/**
 * Finds the S2CR of a stream id: by matching against the SMRs, or, without any, by index.
 *
 * <p>A stream matches an SMR that is valid and equals it in every bit that its mask leaves. With
 * extended ids the mask has 16 bits, and the S2CR says whether its SMR is valid. The result is
 * cached per stream until an SMR or S2CR is written.
 *
 * <p>Firmware that traps these registers, if a board has it, is modelled here too: to software it
 * looks like a property of the registers.
 */
final class StreamMap {
  /** No SMR matches. */
  static final int UNIDENTIFIED = -1;

  /** More than one SMR matches. */
  static final int CONFLICT = -2;

  private static final int NARROW_ID = (1 << 15) - 1;
  private static final int CACHED = 64;
  private static final int NO_STREAM = -1;

  private final boolean matching;
  private final boolean guarded;
  private final int wiredIds;
  private final int s2crImplemented;
  private final int[] smr;
  private final int[] s2cr;
  private final int[] cachedStream = new int[CACHED];
  private final int[] cachedAnswer = new int[CACHED];
  private boolean extended;
  private int idMask;
  private int smrImplemented;

  /**
   * Makes it as it comes out of reset.
   *
   * @param extensible whether ids can be extended
   */
  StreamMap(SmmuV2Config.Streams config, boolean extensible) {
    matching = config.mappings() > 0;
    guarded = config.guarded();
    wiredIds = (1 << config.idBits()) - 1;
    s2crImplemented =
        S2CR_CBNDX.mask()
            | S2CR_TYPE.mask()
            | S2CR_PRIVCFG.mask()
            | (extensible ? S2CR_EXIDVALID.mask() : 0);
    setExtended(false);
    smr = new int[config.mappings()];
    s2cr = new int[matching ? config.mappings() : 1 << config.idBits()];
    for (int i = 0; i < config.boot().length(); i++) {
      smr[i] = (config.boot().get(i) | SMR_VALID.mask()) & smrImplemented;
      s2cr[i] = S2CR_TYPE.of(S2CR_TYPE_BYPASS);
    }
    invalidateCache();
  }

  /** sCR0.EXIDENABLE: what is in the SMRs means something else now. */
  void setExtended(boolean extended) {
    this.extended = extended;
    idMask = extended ? wiredIds : wiredIds & NARROW_ID;
    smrImplemented =
        SMR_ID.of(idMask)
            | (extended ? SMR_EXT_MASK.of(idMask) : SMR_VALID.mask() | SMR_MASK.of(idMask));
    invalidateCache();
  }

  /** The S2CR for {@code streamId}, or {@link #UNIDENTIFIED} or {@link #CONFLICT}. */
  int lookUp(int streamId) {
    int slot = streamId & (CACHED - 1);
    if (cachedStream[slot] != streamId) {
      cachedAnswer[slot] = matching ? match(streamId & idMask) : s2cr[streamId & idMask];
      cachedStream[slot] = streamId;
    }
    return cachedAnswer[slot];
  }

  int readSmr(int index) {
    return index < smr.length ? smr[index] : 0;
  }

  void writeSmr(int index, int value) {
    if (index < smr.length) {
      smr[index] = value & smrImplemented;
      invalidateCache();
    }
  }

  int readS2cr(int index) {
    return index < s2cr.length ? s2cr[index] : 0;
  }

  void writeS2cr(int index, int value) {
    if (index < s2cr.length && !(guarded && S2CR_TYPE.get(value) == S2CR_TYPE_FAULT)) {
      s2cr[index] = (guarded ? watched(value) : value) & s2crImplemented;
      invalidateCache();
    }
  }

  /** The value that firmware stores instead. */
  private static int watched(int value) {
    return S2CR_TYPE.get(value) == S2CR_TYPE_BYPASS
        ? S2CR_TYPE.with(value, S2CR_TYPE_FAULT)
        : value;
  }

  /** Power is gone: nothing matches, and every S2CR is zero. */
  void reset() {
    Arrays.fill(smr, 0);
    Arrays.fill(s2cr, 0);
    setExtended(false);
  }

  private int match(int id) {
    int found = UNIDENTIFIED;
    for (int i = 0; i < smr.length; i++) {
      int mask = extended ? SMR_EXT_MASK.get(smr[i]) : SMR_MASK.get(smr[i]);
      boolean valid = extended ? S2CR_EXIDVALID.isSet(s2cr[i]) : SMR_VALID.isSet(smr[i]);
      if (!valid || ((SMR_ID.get(smr[i]) ^ id) & ~mask) != 0) {
        continue;
      }
      if (found != UNIDENTIFIED) {
        return CONFLICT;
      }
      found = s2cr[i];
    }
    return found;
  }

  private void invalidateCache() {
    Arrays.fill(cachedStream, NO_STREAM);
  }
}
