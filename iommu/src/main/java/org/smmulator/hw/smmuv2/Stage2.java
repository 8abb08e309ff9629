package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.Cb.VTCR;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv2.Cb;

/**
 * Stage 2: from what a guest takes for physical to what is. Arm ARM, D8.2.
 *
 * <p>VTCR says at which level the walk starts. It may be one that the input's width would not give:
 * then up to 16 tables lie side by side as the root and save a level.
 */
final class Stage2 implements Stage {
  private static final int MAX_CONCATENATION_BITS = 4;
  private static final int LAST_LEVEL = 3;
  private static final int NO_GRANULE = 0;

  private final SmmuV2Config config;
  private final Walker walker;

  Stage2(SmmuV2Config config, Dram dram) {
    this.config = config;
    this.walker = new Walker(dram, Walker.Format.STAGE_2);
  }

  @Override
  public Walker walker() {
    return walker;
  }

  @Override
  public void describe(RegisterFile bank, boolean upper, TableShape into) {
    int vtcr = bank.get(VTCR);
    int inputBits = 64 - Cb.VTCR_T0SZ.get(vtcr);
    int granuleShift = granuleShift(vtcr);
    into.top = 0;
    if (upper || granuleShift == NO_GRANULE || inputBits > config.stage1().outputBits()) {
      into.close(0);
      return;
    }
    int startLevel = (granuleShift == 12 ? 2 : LAST_LEVEL) - Cb.VTCR_SL0.get(vtcr);
    int stride = granuleShift - 3;
    int rootBits = inputBits - granuleShift - stride * (LAST_LEVEL - startLevel);
    if (startLevel < 0 || rootBits <= 0 || rootBits > stride + MAX_CONCATENATION_BITS) {
      into.close(Math.max(startLevel, 0));
      return;
    }
    int outputBits =
        Math.min(SmmuV2Config.bitsOfCode(Cb.VTCR_PS.get(vtcr)), config.stages().paBits());
    into.open(bank.get(Cb.TTBR0), inputBits, startLevel, granuleShift, outputBits);
  }

  private int granuleShift(int vtcr) {
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
