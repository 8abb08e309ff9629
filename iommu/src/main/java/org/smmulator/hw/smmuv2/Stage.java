package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.RegisterFile;

/** One stage of translation: how a bank's registers say to walk its tables. */
interface Stage {
  /**
   * Works out what the registers of {@code bank} say.
   *
   * @param upper whether of the addresses that are negative as numbers
   */
  void describe(RegisterFile bank, boolean upper, TableShape into);

  /** Who reads this stage's descriptors. */
  Walker walker();
}
