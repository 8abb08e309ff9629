package org.smmulator.hw.reg;

/** A register, or an array of equal registers, of a {@link RegisterMap}. */
public sealed interface Reg permits Reg32, Reg64 {
  /** The manual's name, without an index. */
  String name();

  /** Bytes from the start of the block to the first register. */
  int offset();

  /** Bytes from one register of the array to the next. */
  int stride();

  /** The number of registers in the array; 1 for a single register. */
  int count();
}
