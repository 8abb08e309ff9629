package org.smmulator.script;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.math.BigInteger;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smmulator.script.schema.Definitions;
import org.smmulator.script.schema.JsonSchema;

/** A type whose values are one word each, which a pattern describes. */
public class Scalar<T> extends FieldType<T> {
  private static final String UNSIGNED = "0x[0-9a-fA-F][0-9a-fA-F_]*|[0-9][0-9_]*";
  private static final String SIGNED = "[+-]?(?:" + UNSIGNED + ")";

  /** A number with more digits is in no range, and is not worth reading. */
  private static final int MAX_DIGITS = 80;

  static final BigInteger LAST_OF_64_BITS =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  private static final long YEAR_NS = 365 * 86_400_000_000_000L;

  /** A 64-bit number, decimal or {@code 0x}, signed or not. */
  public static final Scalar<Long> NUMBER =
      number(Range.ofBits(63, 64, "a number of at most 64 bits"), BigInteger::longValue);

  /** A number that fits in 32 bits, signed or not. */
  public static final Scalar<Integer> WORD32 =
      number(Range.ofBits(31, 32, "a number of at most 32 bits"), BigInteger::intValue);

  /** A number of bytes: {@code 64K}, {@code 2M}, {@code 4096}. */
  public static final Scalar<Long> SIZE =
      new Scalar<>(
          "a size",
          "bytes",
          "4096, 64K or 2M",
          "(" + UNSIGNED + ") ?([KMG]?)i?B?",
          match -> integer(match.group(1)).shiftLeft(shiftOf(match.group(2))),
          Range.ofBits(0, 64, "a size of at most 64 bits"),
          BigInteger::longValue) {
        @Override
        public String write(Long bytes) {
          return inLargest(bytes, 1024, ImmutableList.of("", "K", "M", "G"));
        }
      };

  /** A stretch of virtual time: {@code 5ms}. A year at most, so that a run's clock never wraps. */
  public static final Scalar<Long> DURATION =
      new Scalar<>(
          "a duration",
          "ns",
          "500ns, 10us, 5ms or 1s",
          "([0-9]+) ?(ns|us|ms|s)",
          match -> integer(match.group(1)).multiply(nsPer(match.group(2))),
          Range.of(0, YEAR_NS, "a duration of at most 365 days"),
          BigInteger::longValue) {
        @Override
        public String write(Long ns) {
          return inLargest(ns, 1000, ImmutableList.of("ns", "us", "ms", "s"));
        }
      };

  /** The integers that a type takes, from {@code first} to {@code last}. */
  private record Range(BigInteger first, BigInteger last, String words) {
    static Range of(long first, long last, String words) {
      return new Range(BigInteger.valueOf(first), BigInteger.valueOf(last), words);
    }

    /** From -2<sup>negative</sup>, or 0 if there are no negative ones, up to 2<sup>bits</sup>. */
    static Range ofBits(int negative, int bits, String words) {
      BigInteger first =
          negative == 0 ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(negative).negate();
      return new Range(first, BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE), words);
    }

    boolean has(BigInteger number) {
      return number.compareTo(first) >= 0 && number.compareTo(last) <= 0;
    }
  }

  /** Makes a value of a word that has the right form; throws if it is in no range. */
  private interface Reader<T> {
    T read(MatchResult match, YamlValue value) throws ScenarioException;
  }

  private final Pattern pattern;
  private final @Nullable Range range;
  private final Reader<T> reader;

  private Scalar(
      String words,
      String unit,
      String example,
      String pattern,
      @Nullable Range range,
      Reader<T> reader) {
    super(words, unit, example);
    this.range = range;
    this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
    this.reader = reader;
  }

  private Scalar(
      String words,
      String unit,
      String example,
      String pattern,
      Function<MatchResult, BigInteger> integer,
      Range range,
      Function<BigInteger, T> narrow) {
    this(
        words,
        unit,
        example,
        pattern,
        range,
        (match, value) -> {
          BigInteger number = integer.apply(match);
          if (!range.has(number)) {
            throw value.unlike(range.words(), example);
          }
          return narrow.apply(number);
        });
  }

  private static <T> Scalar<T> number(Range range, Function<BigInteger, T> narrow) {
    return new Scalar<>(
        "a number", "", "42 or 0xcafe", SIGNED, match -> integer(match.group()), range, narrow);
  }

  /** A number from {@code first} to {@code last}. */
  public static Scalar<Long> between(long first, long last) {
    return number(
        Range.of(first, last, "a number from %d to %d".formatted(first, last)),
        BigInteger::longValue);
  }

  /** The offset in an address: no buffer is larger than a GPU's or a CPU's addresses reach. */
  static Scalar<Long> offset(String example) {
    return new Scalar<>(
        "an address",
        "",
        example,
        UNSIGNED,
        match -> integer(match.group()),
        Range.ofBits(0, 48, "an address with an offset of at most 48 bits"),
        BigInteger::longValue);
  }

  /** A word of letters, digits, _ and -. */
  static Scalar<String> word(String words, String example) {
    return new Scalar<>(
        words, "", example, "[A-Za-z_][A-Za-z0-9_-]*", null, (match, _) -> match.group());
  }

  /** Any text that is not empty. */
  public static Scalar<String> text(String words, String example) {
    return new Scalar<>(words, "", example, ".+", null, (match, _) -> match.group());
  }

  /** The form of the word, as a regular expression. */
  public String pattern() {
    return pattern.pattern();
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    if (range == null) {
      return JsonSchema.text();
    }
    boolean mayBeAnInteger = pattern.matcher("0").matches();
    return mayBeAnInteger
        ? JsonSchema.integer(pattern(), range.first(), range.last())
        : JsonSchema.string(pattern());
  }

  @Override
  T read(YamlValue value, Scope scope) throws ScenarioException {
    return read(value);
  }

  T read(YamlValue value) throws ScenarioException {
    return read(value.text(words(), example()), value);
  }

  /** Reads {@code word}, which is a part of {@code value}. */
  T read(String word, YamlValue value) throws ScenarioException {
    Matcher match = pattern.matcher(word);
    if (!match.matches()) {
      throw value.unlike(words(), example());
    }
    return reader.read(match, value);
  }

  private static BigInteger integer(String text) {
    if (text.length() > MAX_DIGITS) {
      return BigInteger.ONE.shiftLeft(2 * Long.SIZE);
    }
    String digits = text.replace("_", "").replaceFirst("^[+-]", "");
    BigInteger magnitude =
        digits.startsWith("0x")
            ? new BigInteger(digits.substring(2), 16)
            : new BigInteger(digits, 10);
    return text.startsWith("-") ? magnitude.negate() : magnitude;
  }

  /** A number in the largest of {@code units} that leaves it whole; each is a step of the next. */
  private static String inLargest(long number, int step, ImmutableList<String> units) {
    long left = number;
    int unit = 0;
    while (left != 0 && left % step == 0 && unit + 1 < units.size()) {
      left /= step;
      unit++;
    }
    return left + units.get(unit);
  }

  private static int shiftOf(String suffix) {
    return suffix.isEmpty() ? 0 : "KMG".indexOf(suffix) * 10 + 10;
  }

  private static BigInteger nsPer(String unit) {
    return BigInteger.TEN.pow(
        switch (unit) {
          case "ns" -> 0;
          case "us" -> 3;
          case "ms" -> 6;
          default -> 9;
        });
  }
}
