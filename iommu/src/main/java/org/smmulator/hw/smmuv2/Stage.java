package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.vmsa.Tables;

/** One stage of translation with one kind of tables. */
public interface Stage {
  /**
   * Decodes the registers of {@code bank}.
   *
   * @param upper whether of the upper addresses: AArch64's that are negative as numbers, AArch32's
   *     that go through TTBR1
   */
  Tables describe(RegisterFile bank, boolean upper);
}
