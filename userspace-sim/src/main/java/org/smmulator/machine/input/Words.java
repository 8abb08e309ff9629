package org.smmulator.machine.input;

/** Reads numbers as users write them. */
public final class Words {
  private static final String HEX = "0x";

  private Words() {}

  /**
   * Reads 64 bits: {@code 42}, {@code -1} or {@code 0x2a}. The JDK takes a sign after {@code 0x}
   * too, which no user means.
   *
   * @throws NumberFormatException if it is no such number
   */
  public static long word64(String text) {
    if (!text.regionMatches(true, 0, HEX, 0, HEX.length())) {
      return Long.parseLong(text);
    }
    String digits = text.substring(HEX.length());
    if (digits.startsWith("+")) {
      throw new NumberFormatException(text);
    }
    return Long.parseUnsignedLong(digits, 16);
  }
}
