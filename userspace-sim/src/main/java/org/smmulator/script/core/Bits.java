package org.smmulator.script.core;

import com.google.common.collect.ImmutableSet;
import org.smmulator.script.Args;
import org.smmulator.script.FieldType;
import org.smmulator.script.Scalar;
import org.smmulator.script.ScenarioException;

/** The widths in which a CPU accesses memory. */
final class Bits {
  static final FieldType<Long> TYPE = Scalar.between(8, 64);
  static final long WORD = 32;

  private static final ImmutableSet<Long> WIDTHS = ImmutableSet.of(8L, 16L, 32L, 64L);

  private Bits() {}

  /** Checks that there is such a width, and that {@code value}, signed or not, fits into it. */
  static void check(Args args, long bits, long value) throws ScenarioException {
    if (!WIDTHS.contains(bits)) {
      throw args.wrong("a CPU accesses no %d bits".formatted(bits), "known: 8, 16, 32, 64");
    }
    boolean fits = bits == Long.SIZE || (value >= -(1L << (bits - 1)) && value < 1L << bits);
    if (!fits) {
      throw args.wrong(
          "0x%x has more than %d bits".formatted(value, bits), "use a smaller number, or 'bits'");
    }
  }

  static int bytes(long bits) {
    return (int) bits / Byte.SIZE;
  }

  /** The number as memory holds it. */
  static long unsigned(long bits, long value) {
    return bits == Long.SIZE ? value : value & (1L << bits) - 1;
  }
}
