package org.smmulator.hw.adreno;

import org.smmulator.hw.smmuv2.ContextBankPort;

/**
 * How the command processor carries out SMMU_TABLE_UPDATE.
 *
 * <p>A part of its own so that a machine can be built around a command processor that gets it
 * wrong.
 */
@FunctionalInterface
public interface TableSwitch {
  /**
   * Makes {@code bank} translate with another table.
   *
   * @param ttbr0 the table's physical address, and the ASID in bits 63:48
   */
  void apply(ContextBankPort port, int bank, long ttbr0, int contextIdr);

  /**
   * What silicon does: the registers first, then away with what the old table left under the ASID.
   * In the other order a walk between the two would bring the old table's entries back.
   */
  static TableSwitch writeThenInvalidate() {
    return (port, bank, ttbr0, contextIdr) -> {
      port.switchTable(bank, ttbr0, contextIdr);
      port.invalidateAsid(bank, (int) (ttbr0 >>> 48));
    };
  }
}
