package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.Cb.VTCR;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tables.Format;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/**
 * Stage 2: from what a guest takes for physical to what is. Arm ARM, D8.2; Arm ARM (ARMv7-A), B3.6.
 *
 * <p>VTCR says at which level the walk starts. It may be one that the input's width would not give:
 * then up to 16 tables lie side by side as the root and save a level. AArch32's tables are
 * AArch64's of 4 KiB; only VTCR is another.
 */
final class Stage2 implements Stage {
  private static final int MAX_CONCATENATION_BITS = 4;
  private static final int LAST_LEVEL = 3;
  private static final int NO_GRANULE = 0;
  private static final int AARCH32_GRANULE = 12;
  private static final int AARCH32_OUTPUT_BITS = 40;

  /** VTCR.T0SZ of AArch32 is a signed number of five bits. */
  private static final int T0SZ_SIGN_SHIFT = Integer.SIZE - 5;

  private final SmmuV2Config config;
  private final boolean aarch32;

  /** Reads AArch32's tables, or AArch64's. */
  Stage2(SmmuV2Config config, boolean aarch32) {
    this.config = config;
    this.aarch32 = aarch32;
  }

  @Override
  public Tables describe(RegisterFile bank, boolean upper) {
    int vtcr = bank.get(VTCR);
    int inputBits = inputBits(vtcr);
    int granuleShift = granuleShift(vtcr);
    if (upper || granuleShift == NO_GRANULE || inputBits > config.stage1().outputBits()) {
      return Tables.none(Format.STAGE_2, 0);
    }
    int startLevel = (granuleShift == 12 ? 2 : LAST_LEVEL) - Cb.VTCR_SL0.get(vtcr);
    int stride = granuleShift - 3;
    int rootBits = inputBits - granuleShift - stride * (LAST_LEVEL - startLevel);
    if (startLevel < (aarch32 ? 1 : 0)
        || rootBits <= 0
        || rootBits > stride + MAX_CONCATENATION_BITS) {
      return Tables.none(Format.STAGE_2, Math.max(startLevel, 0));
    }
    long root = bank.get(Cb.TTBR0) & Stage1.ROOT_ADDRESS;
    return new Tables.Builder(Format.STAGE_2, root, inputBits, granuleShift)
        .startLevel(startLevel)
        .outputBits(outputBits(vtcr))
        .outsideLevel(aarch32 ? 1 : 0)
        .build();
  }

  private int inputBits(int vtcr) {
    return aarch32
        ? 32 - (CbAArch32.VTCR_T0SZ.get(vtcr) << T0SZ_SIGN_SHIFT >> T0SZ_SIGN_SHIFT)
        : 64 - Cb.VTCR_T0SZ.get(vtcr);
  }

  private int outputBits(int vtcr) {
    int said = aarch32 ? AARCH32_OUTPUT_BITS : SmmuV2Config.bitsOfCode(Cb.VTCR_PS.get(vtcr));
    return Math.min(said, config.stages().paBits());
  }

  private int granuleShift(int vtcr) {
    if (aarch32) {
      return AARCH32_GRANULE;
    }
    int shift =
        switch (Cb.VTCR_TG0.get(vtcr)) {
          case Cb.TCR_TG0_4K -> 12;
          case Cb.TCR_TG0_16K -> 14;
          case Cb.TCR_TG0_64K -> 16;
          default -> NO_GRANULE;
        };
    return config.stage1().has(shift) ? shift : NO_GRANULE;
  }
}
