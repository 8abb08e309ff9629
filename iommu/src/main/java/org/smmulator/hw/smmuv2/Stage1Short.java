package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.CbAArch32.TCR_SHORT;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.vmsa.Tables;
import org.smmulator.hw.vmsa.Tables.Format;
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
  private static final int GRANULE_SHIFT = 12;
  private static final long ROOT_ADDRESS = 0xffff_ffffL;

  private final int outputBits;

  /**
   * Makes a stage.
   *
   * @param outputBits the width of an address that leaves this stage
   */
  Stage1Short(int outputBits) {
    this.outputBits = outputBits;
  }

  @Override
  public Tables describe(RegisterFile bank, boolean upper) {
    int tcr = bank.get(TCR_SHORT);
    int inputBits = ADDRESS_BITS - CbAArch32.TCR_SHORT_N.get(tcr);
    boolean nothing = upper && inputBits == ADDRESS_BITS;
    if (nothing || (upper ? CbAArch32.TCR_SHORT_PD1 : CbAArch32.TCR_SHORT_PD0).isSet(tcr)) {
      return Tables.none(Format.STAGE_1_SHORT, FAULT_LEVEL);
    }
    long reach = 1L << inputBits;
    return new Tables.Builder(
            Cb.SCTLR_AFE.isSet(bank.get(Cb.SCTLR)) ? Format.STAGE_1_SHORT_AF : Format.STAGE_1_SHORT,
            bank.get(upper ? Cb.TTBR1 : Cb.TTBR0) & ROOT_ADDRESS,
            upper ? ADDRESS_BITS : inputBits,
            GRANULE_SHIFT)
        .range(upper ? reach : 0, upper ? (1L << ADDRESS_BITS) - 1 : reach - 1)
        .outputBits(outputBits)
        .outsideLevel(FAULT_LEVEL)
        .build();
  }
}
