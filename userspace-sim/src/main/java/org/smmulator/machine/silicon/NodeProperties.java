package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableMap;
import java.util.function.Supplier;
import org.smmulator.kernel.firmware.DtNode;

/** Reads the properties of nodes in the ways that several factories share. */
final class NodeProperties {
  private NodeProperties() {}

  /** Reads a number above zero. */
  static int positive(DtNode node, String property) {
    return checkPositive(node, property, node.cell(property));
  }

  /** Reads a number above zero; {@code absent} if the property is not there. */
  static int positive(DtNode node, String property, int absent) {
    return checkPositive(node, property, node.cell(property, absent));
  }

  private static int checkPositive(DtNode node, String property, int value) {
    if (value <= 0) {
      throw node.wrong(property, "expected a number above 0");
    }
    return value;
  }

  /** Returns the union of the bits of all cells of a property. */
  static int mask(DtNode node, String property) {
    return node.cells(property).stream().reduce(0, (mask, bits) -> mask | bits);
  }

  /**
   * Reads a property that is one word of a few.
   *
   * @param absent the value if the property is not there
   */
  static <T> T oneOf(DtNode node, String property, T absent, ImmutableMap<String, T> words) {
    if (!node.has(property)) {
      return absent;
    }
    T found = words.get(node.string(property));
    if (found == null) {
      throw node.wrong(property, "expected \"" + String.join("\" or \"", words.keySet()) + "\"");
    }
    return found;
  }

  /**
   * Makes a part of which no silicon has every combination of values.
   *
   * @param what the part with its article, for the message
   * @param part throws IllegalArgumentException, with the reason, if there is no such part
   */
  static <T> T make(DtNode node, String what, Supplier<T> part) {
    try {
      return part.get();
    } catch (IllegalArgumentException e) {
      throw node.wrong("such %s cannot be made: %s".formatted(what, e.getMessage()));
    }
  }
}
