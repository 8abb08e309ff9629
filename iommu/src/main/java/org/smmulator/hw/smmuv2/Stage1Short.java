package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.CbAArch32.TCR_SHORT;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.dram.Dram;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/**
 * Stage 1 with AArch32 tables of short descriptors. Arm ARM (ARMv7-A), B3.5.
 *
 * <p>TTBR0 serves the addresses with N zeros on top and its root is as much smaller; TTBR1 serves
 * the others.
 */
final class Stage1Short implements Stage {
  private static final int ADDRESS_BITS = 32;
  private static final int FAULT_LEVEL = 1;

  private final int outputBits;
  private final Walker walker;

  /**
   * Reads tables from {@code dram}.
   *
   * @param outputBits the width of an address that leaves this stage
   */
  Stage1Short(int outputBits, Dram dram) {
    this.outputBits = outputBits;
    this.walker = new ShortWalker(dram);
  }

  @Override
  public Walker walker() {
    return walker;
  }

  @Override
  public void describe(RegisterFile bank, boolean upper, TableShape into) {
    int tcr = bank.get(TCR_SHORT);
    int inputBits = ADDRESS_BITS - CbAArch32.TCR_SHORT_N.get(tcr);
    boolean nothing = upper && inputBits == ADDRESS_BITS;
    if (nothing || (upper ? CbAArch32.TCR_SHORT_PD1 : CbAArch32.TCR_SHORT_PD0).isSet(tcr)) {
      into.close(FAULT_LEVEL);
      return;
    }
    long reach = 1L << inputBits;
    into.resolve(upper ? reach : 0, upper ? (1L << ADDRESS_BITS) - 1 : reach - 1, FAULT_LEVEL)
        .openShort(
            (int) bank.get(upper ? Cb.TTBR1 : Cb.TTBR0),
            upper ? ADDRESS_BITS : inputBits,
            Cb.SCTLR_AFE.isSet(bank.get(Cb.SCTLR)),
            outputBits);
  }
}
