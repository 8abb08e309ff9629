package org.smmulator.hw.adreno;

import org.smmulator.hw.smmuv2.ContextBankPort;

/**
 * The execution of SMMU_TABLE_UPDATE, apart from the rest so that a machine can be built around a
 * command processor that gets it wrong.
 */
@FunctionalInterface
public interface TableSwitch {
  /** The one context bank that the wires to the SMMU lead to. */
  int BANK = 0;

  /**
   * Makes {@code bank} translate with another table.
   *
   * @param ttbr0 the table's physical address, and the ASID in bits 63:48
   */
  void apply(ContextBankPort port, int bank, long ttbr0, int contextIdr);

  /**
   * Writes the registers first, then invalidates what the old table left under the ASID. In the
   * other order a walk between the two would fill the TLB from the old table.
   */
  static TableSwitch writeThenInvalidate() {
    return (port, bank, ttbr0, contextIdr) -> {
      port.switchTable(bank, ttbr0, contextIdr);
      port.invalidateAsid(bank, (int) (ttbr0 >>> 48));
    };
  }
}
