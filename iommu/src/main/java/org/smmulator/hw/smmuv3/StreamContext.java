package org.smmulator.hw.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tables.Updates;
import org.smmulator.regs.smmuv3.ContextDescriptor;
import org.smmulator.regs.smmuv3.ContextDescriptor.Flag;

/**
 * A legal context descriptor, as it was when it was fetched. Arm IHI 0070, 5.4.
 *
 * @param lower the tables of the lower half of the address space; null: EPD0
 * @param upper the tables of the upper half; null: EPD1
 */
record StreamContext(
    ContextDescriptor.Valid descriptor,
    @Nullable Tables lower,
    @Nullable Tables upper,
    int lowerIgnoredBits,
    int upperIgnoredBits) {
  /** The least that tables may resolve: a T0SZ of 39. */
  static final int MIN_INPUT_BITS = 25;

  private static final long SELECTS_HALF = 1L << 55;
  private static final int TOP_BYTE = 8;

  /**
   * Decodes the first three words of a descriptor; null if it is illegal for this SMMU.
   *
   * @param stallsDisabled whether the stream forbids it to ask for stalls
   */
  static @Nullable StreamContext decode(
      SmmuV3Config config, boolean stallsDisabled, long word0, long word1, long word2) {
    if (!(ContextDescriptor.decode(word0, word1, word2) instanceof ContextDescriptor.Valid cd)
        || !cd.has(Flag.AA64)
        || cd.has(Flag.ENDI)
        || !isLegalStall(config, stallsDisabled, cd.has(Flag.S))
        || (cd.has(Flag.HA) && config.updates() == Updates.NONE)
        || (cd.has(Flag.HD) && config.updates() != Updates.ACCESS_FLAG_AND_DIRTY)
        || !isLegal(config, cd, cd.lower())
        || !isLegal(config, cd, cd.upper())) {
      return null;
    }
    return new StreamContext(
        cd,
        cd.lower() == null ? null : tables(config, cd, cd.lower()).build(),
        cd.upper() == null ? null : tables(config, cd, cd.upper()).upper().build(),
        cd.has(Flag.TBI0) ? TOP_BYTE : 0,
        cd.has(Flag.TBI1) ? TOP_BYTE : 0);
  }

  int asid() {
    return descriptor.asid();
  }

  /** The tables of the half that {@code address} is in; null if its EPD is set. */
  @Nullable Tables tablesOf(long address) {
    return address < 0 ? upper : lower;
  }

  long withoutTopByte(long iova) {
    int bits = (iova & SELECTS_HALF) == 0 ? lowerIgnoredBits : upperIgnoredBits;
    return iova << bits >> bits;
  }

  private static boolean isLegal(
      SmmuV3Config config, ContextDescriptor.Valid cd, ContextDescriptor.@Nullable Half half) {
    return half == null
        || (config.hasGranule(half.granuleShift())
            && half.inputBits() >= MIN_INPUT_BITS
            && half.inputBits() <= config.inputBits(half.granuleShift())
            && half.table() >>> outputBits(config, cd) == 0);
  }

  private static Tables.Builder tables(
      SmmuV3Config config, ContextDescriptor.Valid cd, ContextDescriptor.Half half) {
    return new Tables.Builder(
            Tables.Format.STAGE_1, half.table(), half.inputBits(), half.granuleShift())
        .outputBits(outputBits(config, cd))
        .wideOutput()
        .updates(updates(cd));
  }

  private static int outputBits(SmmuV3Config config, ContextDescriptor.Valid cd) {
    return Math.min(cd.outputBits(), config.outputBits());
  }

  private static boolean isLegalStall(SmmuV3Config config, boolean disabled, boolean stalls) {
    return switch (config.stallModel()) {
      case CHOICE -> !(stalls && disabled);
      case NONE -> !stalls;
      case FORCE -> stalls;
    };
  }

  private static Updates updates(ContextDescriptor.Valid cd) {
    if (!cd.has(Flag.HA)) {
      return Updates.NONE;
    }
    return cd.has(Flag.HD) ? Updates.ACCESS_FLAG_AND_DIRTY : Updates.ACCESS_FLAG;
  }
}
