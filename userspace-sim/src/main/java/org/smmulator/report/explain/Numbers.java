package org.smmulator.report.explain;

import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Words;

/** Reads numbers as a log or a header writes them. */
public final class Numbers {
  private Numbers() {}

  /**
   * Reads 32 bits; a number with a sign stands for its two's complement.
   *
   * @throws BadInputException if it is no such number
   */
  public static int word32(String text) throws BadInputException {
    long value = word64(text);
    if (value != (int) value && value >>> Integer.SIZE != 0) {
      throw new BadInputException(
          "'%s' has more than 32 bits".formatted(text), "give one register or header at a time");
    }
    return (int) value;
  }

  /**
   * Reads 64 bits.
   *
   * @throws BadInputException if it is no such number
   */
  public static long word64(String text) throws BadInputException {
    try {
      return Words.word64(text);
    } catch (NumberFormatException _) {
      throw new BadInputException(
          "'%s' is no number of 64 bits".formatted(text), "write it as 1234 or 0x4d2");
    }
  }
}
