package org.smmulator.regs.smmuv2;

import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.base.Splitter;
import java.util.List;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Field64;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;

/**
 * A register map as the manuals print it: a line for each register, with its offset and then its
 * fields, each with its bit or its bits. A line that begins with a dash has fields only, and no
 * prefix.
 */
public final class FactTable {
  private static final Splitter WORDS = Splitter.on(' ').omitEmptyStrings();

  private FactTable() {}

  /** Holds the constants of {@code map} against what is printed. */
  public static void check(Class<?> map, String table) throws ReflectiveOperationException {
    for (String line : table.lines().toList()) {
      List<String> words = WORDS.splitToList(line);
      String register = words.getFirst();
      String prefix = register.equals("-") ? "" : register + "_";
      int fields = 1;
      if (!prefix.isEmpty()) {
        assertWithMessage("the offset of %s", register)
            .that(offset(map.getField(register).get(null)))
            .isEqualTo(Integer.decode(words.get(1)));
        fields = 2;
      }
      for (int i = fields; i < words.size(); i += 2) {
        assertWithMessage("the bits of %s%s", prefix, words.get(i))
            .that(Long.toHexString(mask(map.getField(prefix + words.get(i)).get(null))))
            .isEqualTo(Long.toHexString(bits(words.get(i + 1))));
      }
    }
  }

  private static int offset(Object register) {
    return switch (register) {
      case Reg32 reg -> reg.offset();
      case Reg64 reg -> reg.offset();
      default -> throw new AssertionError(register);
    };
  }

  private static long mask(Object field) {
    return switch (field) {
      case Field of32 -> Integer.toUnsignedLong(of32.mask());
      case Field64 of64 -> of64.mask();
      default -> throw new AssertionError(field);
    };
  }

  /** {@code 5}, or {@code 7:4}. */
  private static long bits(String printed) {
    List<String> ends = Splitter.on(':').splitToList(printed);
    int high = Integer.parseInt(ends.getFirst());
    int low = Integer.parseInt(ends.getLast());
    return (-1L >>> (Long.SIZE - 1 - high + low)) << low;
  }
}
