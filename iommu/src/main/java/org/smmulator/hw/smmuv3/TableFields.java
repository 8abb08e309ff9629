package org.smmulator.hw.smmuv3;

import org.smmulator.regs.smmuv3.Cd;

/** What stream table entries and context descriptors say in the same way about tables. */
final class TableFields {
  /** The least that tables may resolve: a T0SZ of 39. */
  static final int MIN_INPUT_BITS = 25;

  /** Up to 16 tables in a row may make up the first level of stage 2. */
  static final int MAX_CONCATENATED_BITS = 4;

  /** No granule is so: the code is reserved. */
  static final int NO_GRANULE = 0;

  private TableFields() {}

  static int granuleShiftOfTg0(int tg0) {
    return switch (tg0) {
      case Cd.TG0_4K -> 12;
      case Cd.TG0_16K -> 14;
      case Cd.TG0_64K -> 16;
      default -> NO_GRANULE;
    };
  }

  static int granuleShiftOfTg1(int tg1) {
    return switch (tg1) {
      case Cd.TG1_4K -> 12;
      case Cd.TG1_16K -> 14;
      case Cd.TG1_64K -> 16;
      default -> NO_GRANULE;
    };
  }
}
