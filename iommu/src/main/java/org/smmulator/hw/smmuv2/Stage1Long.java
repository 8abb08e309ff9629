package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.CbAArch32.TCR;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/**
 * Stage 1 with AArch32 tables of long descriptors, LPAE. Arm ARM (ARMv7-A), B3.6.
 *
 * <p>TTBR0 serves the addresses with T0SZ zeros on top, TTBR1 those with T1SZ ones; if T1SZ is 0,
 * TTBR1 serves all that TTBR0 does not, and if both are, TTBR0 serves everything.
 */
public final class Stage1Long implements Stage {
  private static final int ADDRESS_BITS = 32;
  private static final long LAST_ADDRESS = (1L << ADDRESS_BITS) - 1;
  private static final int LEVEL_1_SHIFT = 30;
  private static final int GRANULE_SHIFT = 12;
  private static final int MAX_OUTPUT_BITS = 40;
  private static final int FAULT_LEVEL = 1;

  private final int outputBits;
  private final Walker walker;

  /**
   * Reads tables from {@code dram}.
   *
   * @param outputBits the width of an address that leaves this stage; more than 40 do not fit
   */
  public Stage1Long(int outputBits, Dram dram) {
    this.outputBits = Math.min(outputBits, MAX_OUTPUT_BITS);
    this.walker = new LongWalker(dram, LongWalker.Format.STAGE_1_AARCH32);
  }

  @Override
  public Walker walker() {
    return walker;
  }

  @Override
  public void describe(RegisterFile bank, boolean upper, TableShape into) {
    int tcr = bank.get(TCR);
    int t0sz = CbAArch32.TCR_T0SZ.get(tcr);
    int t1sz = CbAArch32.TCR_T1SZ.get(tcr);
    boolean nothing = upper && t0sz == 0 && t1sz == 0;
    if (nothing || (upper ? CbAArch32.TCR_EPD1 : CbAArch32.TCR_EPD0).isSet(tcr)) {
      into.close(FAULT_LEVEL);
      return;
    }
    int inputBits = ADDRESS_BITS - (upper ? t1sz : t0sz);
    if (upper) {
      long first = t1sz == 0 ? 1L << (ADDRESS_BITS - t0sz) : LAST_ADDRESS + 1 - (1L << inputBits);
      into.resolve(first, LAST_ADDRESS, FAULT_LEVEL);
    } else {
      into.resolve(0, (1L << inputBits) - 1, FAULT_LEVEL);
    }
    into.open(
        bank.get(upper ? Cb.TTBR1 : Cb.TTBR0),
        inputBits,
        inputBits > LEVEL_1_SHIFT ? 1 : 2,
        GRANULE_SHIFT,
        outputBits);
  }
}
