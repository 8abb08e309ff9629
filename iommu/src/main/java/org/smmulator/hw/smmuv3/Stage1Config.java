package org.smmulator.hw.smmuv3;

import static org.smmulator.hw.smmuv3.TableFields.granuleShiftOfTg0;
import static org.smmulator.hw.smmuv3.TableFields.granuleShiftOfTg1;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tables.Updates;
import org.smmulator.regs.smmuv3.Cd;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * A context descriptor, as it was when it was fetched. Arm IHI 0070, 5.4.
 *
 * @param lower the tables of the lower half of the address space; absent if EPD0
 * @param upper the tables of the upper half; absent if EPD1
 * @param word0 everything but addresses
 */
record Stage1Config(@Nullable Tables lower, @Nullable Tables upper, long word0) {
  /**
   * Says what the first three words of a descriptor mean to an SMMU of this kind; null if it is not
   * a valid one.
   *
   * @param stallsDisabled whether the stream forbids it to ask for stalls
   */
  static @Nullable Stage1Config decode(
      SmmuV3Config config, boolean stallsDisabled, long word0, long word1, long word2) {
    if (!Cd.V.isSet(word0)
        || !Cd.AA64.isSet(word0)
        || Cd.ENDI.isSet(word0)
        || !isLegalStall(config, stallsDisabled, Cd.S.isSet(word0))
        || !isLegalUpdate(config.stages().updates(), word0)) {
      return null;
    }
    Tables lower = null;
    Tables upper = null;
    if (!Cd.EPD0.isSet(word0)) {
      int granuleShift = granuleShiftOfTg0(Cd.TG0.getInt(word0));
      lower =
          half(config, word0, word1 & Cd.TTB0.mask(), false, Cd.T0SZ.getInt(word0), granuleShift);
      if (lower == null) {
        return null;
      }
    }
    if (!Cd.EPD1.isSet(word0)) {
      int granuleShift = granuleShiftOfTg1(Cd.TG1.getInt(word0));
      upper =
          half(config, word0, word2 & Cd.TTB1.mask(), true, Cd.T1SZ.getInt(word0), granuleShift);
      if (upper == null) {
        return null;
      }
    }
    return new Stage1Config(lower, upper, word0);
  }

  int asid() {
    return Cd.ASID.getInt(word0);
  }

  /** Whether the top byte of {@code iova} is no part of the address. */
  boolean ignoresTopOf(long iova) {
    boolean upperHalf = (iova & 1L << 55) != 0;
    return (upperHalf ? Cd.TBI1 : Cd.TBI0).isSet(word0);
  }

  private static @Nullable Tables half(
      SmmuV3Config config, long word0, long base, boolean upper, int tsz, int granuleShift) {
    int inputBits = 64 - tsz;
    int outputBits =
        Math.min(SmmuV3Regs.addressBits(Cd.IPS.getInt(word0)), config.stages().outputBits());
    boolean legal =
        config.stages().has(granuleShift)
            && inputBits >= TableFields.MIN_INPUT_BITS
            && inputBits <= config.stages().inputBits(granuleShift)
            && base >>> outputBits == 0;
    return legal
        ? Tables.stage1(base, upper, inputBits, granuleShift, outputBits, updates(word0))
        : null;
  }

  private static boolean isLegalStall(SmmuV3Config config, boolean disabled, boolean stalls) {
    return switch (config.faults().stallModel()) {
      case CHOICE -> !(stalls && disabled);
      case NONE -> !stalls;
      case FORCE -> stalls;
    };
  }

  private static boolean isLegalUpdate(Updates possible, long word0) {
    return updates(word0).compareTo(possible) <= 0;
  }

  private static Updates updates(long word0) {
    if (!Cd.HA.isSet(word0)) {
      return Updates.NONE;
    }
    return Cd.HD.isSet(word0) ? Updates.ACCESS_FLAG_AND_DIRTY : Updates.ACCESS_FLAG;
  }
}
