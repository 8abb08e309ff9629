package org.smmulator.hw.smmuv2;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.RegisterFile;

/** One stage of translation: how a bank's registers say to walk its tables. */
interface Stage {
  /**
   * Walks the tables that {@code bank} has for {@code address}.
   *
   * @param cache where the walk finds tables that it knows, and leaves those that it meets
   * @param tables where the tables are; null if their addresses are physical
   * @return a {@link Leaf} or a fault
   */
  long translate(
      RegisterFile bank, long address, BankTlb cache, Walker.@Nullable TableMemory tables);

  /** How many descriptors the last {@link #translate} read. */
  int steps();

  /** The level at which the tables for {@code address} hold leaves of {@code 1 << shift} bytes. */
  int levelOf(RegisterFile bank, long address, int shift);
}
