package org.smmulator.kernel.fs;

import static org.smmulator.kernel.errno.Errno.EINVAL;
import static org.smmulator.kernel.errno.Errno.ERANGE;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smmulator.kernel.errno.ErrnoException;

/** Numbers as somebody writes them into an attribute. Kernel: {@code lib/kstrtox.c}. */
public final class KernelNumbers {
  private static final Pattern NUMBER =
      Pattern.compile("([+-]?)(?:0[xX]([0-9a-fA-F]+)|0([0-7]+)|(0|[1-9][0-9]*))\n?");

  private KernelNumbers() {}

  /**
   * Reads a number of 32 bits: decimal, hexadecimal after 0x, octal after 0; a newline may follow.
   * Kernel: {@code kstrtoint()} with base 0.
   *
   * @throws ErrnoException EINVAL for anything else; ERANGE
   */
  public static int parseInt(String text) throws ErrnoException {
    try {
      return parse(text).intValueExact();
    } catch (ArithmeticException e) {
      throw ERANGE.because("%s has more than 32 bits", text.strip());
    }
  }

  /**
   * Reads an unsigned number of so many bits, 64 at most, in the same notations. Kernel: {@code
   * kstrtouint()}, {@code kstrtoull()} with base 0.
   *
   * @throws ErrnoException EINVAL for anything else; ERANGE
   */
  public static long parseUnsigned(String text, int bits) throws ErrnoException {
    if (text.startsWith("-")) {
      throw EINVAL.because("'%s' has a sign", text.strip());
    }
    BigInteger value = parse(text);
    if (value.bitLength() > bits) {
      throw ERANGE.because("%s has more than %d bits", text.strip(), bits);
    }
    return value.longValue();
  }

  private static BigInteger parse(String text) throws ErrnoException {
    Matcher found = NUMBER.matcher(text);
    if (!found.matches()) {
      throw EINVAL.because("'%s' is no number", text.strip());
    }
    BigInteger value;
    if (found.group(2) != null) {
      value = new BigInteger(found.group(2), 16);
    } else if (found.group(3) != null) {
      value = new BigInteger(found.group(3), 8);
    } else {
      value = new BigInteger(found.group(4));
    }
    return found.group(1).equals("-") ? value.negate() : value;
  }
}
