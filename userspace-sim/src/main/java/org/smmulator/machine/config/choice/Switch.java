package org.smmulator.machine.config.choice;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Arrays;
import java.util.Locale;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Words;

/**
 * One thing about a machine that can be chosen with {@code --set key=value} or a scenario's {@code
 * set}.
 *
 * @param <T> the type of its values
 */
public final class Switch<T> {
  private final String key;
  private final String sentence;
  private final ImmutableList<String> words;
  private final String absentWord;
  private final T absent;
  private final Reader<T> reader;
  private final ImmutableMap<String, Told> told;

  /**
   * The origin and the meaning of a value.
   *
   * @param by who proposed it and when, or which kernel does so
   * @param meaning one sentence
   */
  public record Told(String by, String meaning) {}

  @FunctionalInterface
  private interface Reader<T> {
    T read(String word) throws BadInputException;
  }

  private Switch(
      String key,
      String sentence,
      ImmutableList<String> words,
      String absentWord,
      T absent,
      Reader<T> reader,
      ImmutableMap<String, Told> told) {
    this.key = key;
    this.sentence = sentence;
    this.words = words;
    this.absentWord = absentWord;
    this.absent = absent;
    this.reader = reader;
    this.told = told;
  }

  /**
   * Returns the switch with what there is to say about one of its values.
   *
   * @param by who proposed it and when, or which kernel does so
   * @param meaning one sentence
   */
  public Switch<T> told(String word, String by, String meaning) {
    ImmutableMap<String, Told> more =
        ImmutableMap.<String, Told>builder().putAll(told).put(word, new Told(by, meaning)).build();
    return new Switch<>(key, sentence, words, absentWord, absent, reader, more);
  }

  /** Makes a switch whose words are the constants of an enum, in lower case with dashes. */
  public static <E extends Enum<E>> Switch<E> oneOf(String key, String sentence, E absent) {
    ImmutableMap<String, E> words =
        Arrays.stream(absent.getDeclaringClass().getEnumConstants())
            .collect(toImmutableMap(Switch::word, constant -> constant));
    return design(key, sentence, word(absent), words);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Makes a kernel parameter of type bool. Kernel: {@code kstrtobool()}. */
  public static Switch<Boolean> flag(String key, String sentence, boolean absent) {
    return design(key, sentence, absent ? "1" : "0", ImmutableMap.of("0", false, "1", true));
  }

  /**
   * Makes a switch between designs.
   *
   * @param sentence tells a user of the command line what the switch decides
   * @param absent the word for what Linux does
   * @param designs the value of each word, in the order in which they are shown
   */
  public static <T> Switch<T> design(
      String key, String sentence, String absent, ImmutableMap<String, T> designs) {
    String known = String.join(", ", designs.keySet());
    return new Switch<>(
        key,
        sentence,
        designs.keySet().asList(),
        absent,
        requireNonNull(designs.get(absent)),
        word -> {
          T found = designs.get(word);
          if (found == null) {
            throw new BadInputException(
                "%s cannot be '%s'".formatted(key, word), "known: " + known);
          }
          return found;
        },
        ImmutableMap.of());
  }

  /** Makes a switch whose value is a number, such as {@code 42} or {@code 0x2a}. */
  public static Switch<Long> number(String key, String sentence, long absent) {
    return new Switch<>(
        key,
        sentence,
        ImmutableList.of(),
        Long.toString(absent),
        absent,
        word -> {
          try {
            return Words.signed64(word);
          } catch (NumberFormatException e) {
            throw new BadInputException(
                "%s must be a number, not '%s'".formatted(key, word), "write it like 42 or 0x2a");
          }
        },
        ImmutableMap.of());
  }

  public String key() {
    return key;
  }

  /** Tells what the switch decides. */
  public String sentence() {
    return sentence;
  }

  /** Tells which words the switch takes. */
  public String values() {
    return words.isEmpty() ? "a number" : String.join(", ", words);
  }

  /** Returns the words that the switch takes; none if it takes any number. */
  public ImmutableList<String> words() {
    return words;
  }

  /** Returns what there is to say about each word; nothing about numbers. */
  public ImmutableMap<String, Told> told() {
    return told;
  }

  /** Returns the word for the value of a switch that is not set. */
  public String absentWord() {
    return absentWord;
  }

  /** Returns the value of a switch that is not set. */
  public T absent() {
    return absent;
  }

  /**
   * Returns the value of {@code word}.
   *
   * @throws BadInputException if the switch has no such word; the cure lists those it has
   */
  public T read(String word) throws BadInputException {
    return reader.read(word);
  }
}
