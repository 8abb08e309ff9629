package org.smmulator.hw.smmuv2;

import org.jspecify.annotations.Nullable;

/** Reads tables of one kind of descriptor out of memory. */
public interface Walker {
  /** Where tables lie whose addresses are not physical. */
  public interface TableMemory {
    /** The physical address of {@code address}, or a fault as {@link Leaf#fault} makes it. */
    long locate(long address);
  }

  /**
   * Walks, from the lowest table that {@code cache} knows.
   *
   * @param shape which covers {@code address}
   * @param tables where the tables lie; null if their addresses are physical
   * @return a {@link Leaf}, or its fault
   */
  long walk(TableShape shape, long address, BankTlb cache, @Nullable TableMemory tables);

  /** How many descriptors the last walk read. */
  int steps();

  /** The level at which leaves of {@code 1 << shift} bytes are. */
  int levelOf(TableShape shape, int shift);
}
