package org.smmulator.machine.config;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Locale;
import org.smmulator.machine.input.BadInputException;

/**
 * One thing about a machine that can be chosen: what {@code --set key=value} and a scenario's
 * {@code set} take. {@link Switches} has them all.
 *
 * @param <T> what its values mean
 */
public final class Switch<T> {
  private final String key;
  private final String values;
  private final String absentWord;
  private final T absent;
  private final Reader<T> reader;

  @FunctionalInterface
  private interface Reader<T> {
    T read(String value) throws BadInputException;
  }

  private Switch(String key, String values, String absentWord, T absent, Reader<T> reader) {
    this.key = key;
    this.values = values;
    this.absentWord = absentWord;
    this.absent = absent;
    this.reader = reader;
  }

  /** A switch whose values are the constants of an enum, in lower case with dashes. */
  static <E extends Enum<E>> Switch<E> oneOf(String key, E absent) {
    ImmutableMap<String, E> words =
        Arrays.stream(absent.getDeclaringClass().getEnumConstants())
            .collect(toImmutableMap(Switch::word, constant -> constant));
    return design(key, word(absent), words);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a kernel parameter of type bool takes. Kernel: {@code kstrtobool()}. */
  static Switch<Boolean> flag(String key, boolean absent) {
    return design(key, absent ? "1" : "0", ImmutableMap.of("0", false, "1", true));
  }

  /**
   * A switch between designs.
   *
   * @param absent the word for what Linux does
   * @param designs what each word means, in the order in which they are shown
   */
  static <T> Switch<T> design(String key, String absent, ImmutableMap<String, T> designs) {
    String known = String.join(", ", designs.keySet());
    return new Switch<>(
        key,
        known,
        absent,
        requireNonNull(designs.get(absent)),
        value -> {
          T found = designs.get(value);
          if (found == null) {
            throw new BadInputException(
                "%s cannot be '%s'".formatted(key, value), "known: " + known);
          }
          return found;
        });
  }

  static Switch<Long> number(String key, long absent) {
    return new Switch<>(
        key,
        "a number",
        Long.toString(absent),
        absent,
        value -> {
          try {
            return Long.decode(value);
          } catch (NumberFormatException e) {
            throw new BadInputException(
                "%s must be a number, not '%s'".formatted(key, value), "write it like 42 or 0x2a");
          }
        });
  }

  /** How it is called. */
  public String key() {
    return key;
  }

  /** What it takes, in words. */
  public String values() {
    return values;
  }

  /** The word for what it is unless it is set. */
  public String absentWord() {
    return absentWord;
  }

  /** What it is unless it is set. */
  T absent() {
    return absent;
  }

  /**
   * What {@code value} means.
   *
   * @throws BadInputException if it means nothing to this switch
   */
  T read(String value) throws BadInputException {
    return reader.read(value);
  }
}
