package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.RegisterFile;

/** One stage of translation: how a bank's registers say to walk its tables. */
public interface Stage {
  /**
   * Works out what the registers of {@code bank} say.
   *
   * @param upper whether of the upper addresses: AArch64's that are negative as numbers, AArch32's
   *     that go through TTBR1
   */
  void describe(RegisterFile bank, boolean upper, TableShape into);

  /** Who reads this stage's descriptors. */
  Walker walker();
}
