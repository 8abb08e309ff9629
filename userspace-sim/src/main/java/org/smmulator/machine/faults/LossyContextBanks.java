package org.smmulator.machine.faults;

import java.util.function.BooleanSupplier;
import org.smmulator.hw.smmuv2.ContextBankPort;

/**
 * Wires from a command processor to context banks, on which some invalidations are lost.
 *
 * @param loses asked at each whether it is lost
 */
record LossyContextBanks(ContextBankPort behind, BooleanSupplier loses) implements ContextBankPort {
  @Override
  public void switchTable(int bank, long ttbr0, int contextIdr) {
    behind.switchTable(bank, ttbr0, contextIdr);
  }

  @Override
  public void invalidateAsid(int bank, int asid) {
    if (!loses.getAsBoolean()) {
      behind.invalidateAsid(bank, asid);
    }
  }

  @Override
  public boolean isStalled(int bank) {
    return behind.isStalled(bank);
  }
}
