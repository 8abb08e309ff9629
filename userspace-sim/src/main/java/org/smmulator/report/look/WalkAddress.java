package org.smmulator.report.look;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Words;

/**
 * An address to walk, as a user writes it: a number, or a place in what a step has named.
 *
 * @param name of a result; null for a plain number
 * @param offset bytes from where the result begins, or the address itself
 */
public record WalkAddress(@Nullable String name, long offset) {
  private static final Pattern PLACE =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?: ?[+] ?(0x[0-9a-fA-F]+|[0-9]+))?");

  /**
   * Reads an address.
   *
   * @param text {@code 0x100000010}, {@code canvas} or {@code canvas+0x10}
   * @throws BadInputException if it has another form
   */
  public static WalkAddress parse(String text) throws BadInputException {
    Matcher place = PLACE.matcher(text);
    try {
      if (place.matches()) {
        String offset = place.group(2);
        return new WalkAddress(place.group(1), offset == null ? 0 : Words.word64(offset));
      }
      return new WalkAddress(null, Words.word64(text));
    } catch (NumberFormatException _) {
      throw new BadInputException(
          "'%s' is no address".formatted(text), "write it like 0x100000010 or canvas+0x10");
    }
  }

  @Override
  public String toString() {
    String number = "0x" + Long.toHexString(offset);
    return name == null ? number : offset == 0 ? name : name + "+" + number;
  }
}
