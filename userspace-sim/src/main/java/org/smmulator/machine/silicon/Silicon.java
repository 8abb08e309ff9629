package org.smmulator.machine.silicon;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DeviceTreeException;
import org.smmulator.kernel.firmware.DtNode;

/**
 * The silicon behind a node as factories know it: by its {@code smmulator,*} properties, or, if it
 * has none at all, by those that {@link StockSilicon} has for such a node.
 */
final class Silicon {
  static final String PREFIX = "smmulator,";

  private final DtNode node;
  private final DtNode source;

  /**
   * Reads a node.
   *
   * @param stock the properties of such a node on a stock board; null if none are known
   */
  Silicon(DtNode node, @Nullable DtNode stock) {
    this.node = node;
    boolean described = node.propertyNames().stream().anyMatch(name -> name.startsWith(PREFIX));
    this.source = stock == null || described ? node : stock;
  }

  boolean has(String property) {
    return source.has(property);
  }

  /**
   * Reads a number.
   *
   * @throws NoModelException if it is not there
   */
  int cell(String property) {
    demand(property);
    return source.cell(property);
  }

  /** Reads a number, or {@code absent} if it is not there. */
  int cell(String property, int absent) {
    return source.cell(property, absent);
  }

  /** Reads a list of numbers; empty if it is not there. */
  ImmutableIntArray cells(String property) {
    return source.cells(property);
  }

  /**
   * Reads a list of numbers.
   *
   * @throws NoModelException if it is not there
   */
  ImmutableIntArray required(String property) {
    demand(property);
    return cells(property);
  }

  /**
   * Reads a number above zero.
   *
   * @throws NoModelException if it is not there
   */
  int positive(String property) {
    return checkPositive(property, cell(property));
  }

  /** Reads a number above zero; {@code absent} if the property is not there. */
  int positive(String property, int absent) {
    return checkPositive(property, cell(property, absent));
  }

  private int checkPositive(String property, int value) {
    if (value <= 0) {
      throw wrong(property, "expected a number above 0");
    }
    return value;
  }

  /** Returns the union of the bits of all cells of a property. */
  int mask(String property) {
    return cells(property).stream().reduce(0, (mask, bits) -> mask | bits);
  }

  /**
   * Reads a property that is one word of a few.
   *
   * @param absent the value if the property is not there
   */
  <T> T oneOf(String property, T absent, ImmutableMap<String, T> words) {
    if (!has(property)) {
      return absent;
    }
    T found = words.get(source.string(property));
    if (found == null) {
      throw wrong(property, "expected \"" + String.join("\" or \"", words.keySet()) + "\"");
    }
    return found;
  }

  DeviceTreeException wrong(String property, String why) {
    return source.wrong(property, why);
  }

  /**
   * Makes a part of which no silicon has every combination of values.
   *
   * @param what the part with its article, for the message
   * @param part throws IllegalArgumentException, with the reason, if there is no such part
   */
  <T> T make(String what, Supplier<T> part) {
    try {
      return part.get();
    } catch (IllegalArgumentException e) {
      throw node.wrong("such %s cannot be made: %s".formatted(what, e.getMessage()));
    }
  }

  private void demand(String property) {
    if (!source.has(property)) {
      throw new NoModelException(
          "nothing says what its silicon is like; add '%s'".formatted(property));
    }
  }
}
