package org.smmulator.machine.input;

/** Reads numbers as users write them. */
public final class Words {
  private static final String HEX = "0x";

  private Words() {}

  /**
   * Reads 64 bits, as many as a register has: {@code 42}, {@code -1}, {@code 0x2a}, {@code
   * 18446744073709551615}.
   *
   * @throws NumberFormatException if it is no such number
   */
  public static long word64(String text) {
    return isHex(text) || text.startsWith("-") ? signed64(text) : Long.parseUnsignedLong(text);
  }

  /**
   * Reads a number with a sign, of which the bits can be told too: {@code 42}, {@code -1}, {@code
   * 0xffffffffffffffff}.
   *
   * @throws NumberFormatException if it is no such number
   */
  public static long signed64(String text) {
    if (!isHex(text)) {
      return Long.parseLong(text);
    }
    String digits = text.substring(HEX.length());
    if (digits.startsWith("+")) {
      throw new NumberFormatException(text); // the JDK takes that sign, which no user means
    }
    return Long.parseUnsignedLong(digits, 16);
  }

  private static boolean isHex(String text) {
    return text.regionMatches(true, 0, HEX, 0, HEX.length());
  }
}
