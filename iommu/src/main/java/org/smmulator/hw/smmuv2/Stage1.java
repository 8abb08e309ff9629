package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.Cb.TCR;
import static org.smmulator.regs.smmuv2.Cb.TCR2;

import com.google.common.primitives.ImmutableIntArray;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tables.Format;
import org.smmulator.regs.smmuv2.Cb;

/**
 * Stage 1 with AArch64 tables: which half of the address space an address lies in, and how a bank's
 * registers say to walk it.
 *
 * <pre>
 *  0xffff_ffff_ffff_ffff +------------+
 *                        |   TTBR1    |  the top (64 - T1SZ) bits' worth
 *  -1 &lt;&lt; (64 - T1SZ)     +------------+
 *                        |  the hole  |  translation fault, level 0
 *   1 &lt;&lt; (64 - T0SZ)     +------------+
 *                        |   TTBR0    |
 *                      0 +------------+
 * </pre>
 */
final class Stage1 implements Stage {
  private static final int MIN_INPUT_BITS = 25;
  private static final int MAX_INPUT_BITS = 48;

  /** The part of TTBR that is an address; the ASID is above it. */
  static final long ROOT_ADDRESS = (1L << 48) - 1;

  private static final int NO_GRANULE = 0;

  private static final int UPSTREAM_WITH_SIGN = 49;

  /** The top bit of an address by TCR2.SEP; the codes beyond these leave it to the bus. */
  private static final ImmutableIntArray SIGN_BITS = ImmutableIntArray.of(31, 35, 39, 41, 43);

  private final SmmuV2Config.Stage1 config;

  Stage1(SmmuV2Config.Stage1 config) {
    this.config = config;
  }

  /**
   * The bit of an incoming address that is copied upwards; 0 if there is none. A bus of 49 bits has
   * one more than a table resolves, and it says which table is meant; narrower ones carry numbers
   * without a sign.
   *
   * @param width of the bus in bits
   */
  static long signBit(int sep, int width) {
    if (sep < SIGN_BITS.length()) {
      return SIGN_BITS.get(sep) < width ? 1L << SIGN_BITS.get(sep) : 0;
    }
    return width == UPSTREAM_WITH_SIGN ? 1L << (width - 1) : 0;
  }

  @Override
  public Tables describe(RegisterFile bank, boolean upper) {
    int tcr = bank.get(TCR);
    boolean disabled = upper ? Cb.TCR_EPD1.isSet(tcr) : Cb.TCR_EPD0.isSet(tcr);
    int inputBits = 64 - (upper ? Cb.TCR_T1SZ.get(tcr) : Cb.TCR_T0SZ.get(tcr));
    int granuleShift = granuleShift(tcr, upper);
    if (disabled
        || (upper && !config.has(SmmuV2Config.Stage1.Feature.SPLIT_TABLES))
        || inputBits < MIN_INPUT_BITS
        || inputBits > MAX_INPUT_BITS
        || granuleShift == NO_GRANULE) {
      return Tables.none(Format.STAGE_1, 0);
    }
    long root = bank.get(upper ? Cb.TTBR1 : Cb.TTBR0) & ROOT_ADDRESS;
    Tables.Builder tables =
        new Tables.Builder(Format.STAGE_1, root, inputBits, granuleShift)
            .outputBits(outputBits(bank));
    return (upper ? tables.upper() : tables).build();
  }

  private int outputBits(RegisterFile bank) {
    int configured = SmmuV2Config.bitsOfCode(Cb.TCR2_PASIZE.get(bank.get(TCR2)));
    return Math.min(configured, config.outputBits());
  }

  /** A granule that is reserved or not implemented walks nothing; the manual leaves the choice. */
  private int granuleShift(int tcr, boolean upper) {
    int shift = upper ? shiftOfTg1(Cb.TCR_TG1.get(tcr)) : shiftOfTg0(Cb.TCR_TG0.get(tcr));
    return config.has(shift) ? shift : NO_GRANULE;
  }

  private static int shiftOfTg0(int tg0) {
    return switch (tg0) {
      case Cb.TCR_TG0_4K -> 12;
      case Cb.TCR_TG0_16K -> 14;
      case Cb.TCR_TG0_64K -> 16;
      default -> NO_GRANULE;
    };
  }

  private static int shiftOfTg1(int tg1) {
    return switch (tg1) {
      case Cb.TCR_TG1_4K -> 12;
      case Cb.TCR_TG1_16K -> 14;
      case Cb.TCR_TG1_64K -> 16;
      default -> NO_GRANULE;
    };
  }
}
