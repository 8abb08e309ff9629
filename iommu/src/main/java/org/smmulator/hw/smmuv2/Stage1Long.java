package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.CbAArch32.TCR;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tables.Format;
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

  /**
   * Makes a stage.
   *
   * @param outputBits the width of an address that leaves this stage; more than 40 do not fit
   */
  public Stage1Long(int outputBits) {
    this.outputBits = Math.min(outputBits, MAX_OUTPUT_BITS);
  }

  @Override
  public Tables describe(RegisterFile bank, boolean upper) {
    int tcr = bank.get(TCR);
    int t0sz = CbAArch32.TCR_T0SZ.get(tcr);
    int t1sz = CbAArch32.TCR_T1SZ.get(tcr);
    boolean nothing = upper && t0sz == 0 && t1sz == 0;
    if (nothing || (upper ? CbAArch32.TCR_EPD1 : CbAArch32.TCR_EPD0).isSet(tcr)) {
      return Tables.none(Format.STAGE_1_AARCH32, FAULT_LEVEL);
    }
    int inputBits = ADDRESS_BITS - (upper ? t1sz : t0sz);
    long root = bank.get(upper ? Cb.TTBR1 : Cb.TTBR0) & Stage1.ROOT_ADDRESS;
    Tables.Builder tables =
        new Tables.Builder(Format.STAGE_1_AARCH32, root, inputBits, GRANULE_SHIFT)
            .startLevel(inputBits > LEVEL_1_SHIFT ? 1 : 2)
            .outputBits(outputBits)
            .outsideLevel(FAULT_LEVEL);
    if (upper) {
      long first = t1sz == 0 ? 1L << (ADDRESS_BITS - t0sz) : LAST_ADDRESS + 1 - (1L << inputBits);
      return tables.range(first, LAST_ADDRESS).build();
    }
    return tables.build();
  }
}
