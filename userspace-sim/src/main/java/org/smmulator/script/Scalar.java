package org.smmulator.script;

import java.math.BigInteger;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A type whose values are one word each, which a pattern describes. */
public final class Scalar<T> extends FieldType<T> {
  /** A 64-bit number, decimal or {@code 0x}; hexadecimal ones may use all 64 bits. */
  public static final Scalar<Long> NUMBER =
      new Scalar<>(
          "a number",
          "",
          "42 or 0xcafe",
          "([+-]?)(0x[0-9a-fA-F_]+|[0-9][0-9_]*)",
          (match, value) -> parse(match.group(1) + match.group(2), value));

  /** A number that fits in 32 bits, signed or not. */
  public static final Scalar<Integer> WORD32 =
      new Scalar<>(NUMBER.words(), "", NUMBER.example(), NUMBER.pattern.pattern(), Scalar::parse32);

  /** A number of bytes: {@code 64K}, {@code 2M}, {@code 4096}. */
  public static final Scalar<Long> SIZE =
      new Scalar<>(
          "a size",
          "bytes",
          "4096, 64K or 2M",
          "(0x[0-9a-fA-F]+|[0-9]+) ?([KMG]?)i?B?",
          (match, value) -> parse(match.group(1), value) << shiftOf(match.group(2)));

  /** A stretch of virtual time: {@code 5ms}. */
  public static final Scalar<Long> DURATION =
      new Scalar<>(
          "a duration",
          "ns",
          "500ns, 10us, 5ms or 1s",
          "([0-9]+) ?(ns|us|ms|s)",
          (match, value) -> parse(match.group(1), value) * nsPer(match.group(2)));

  /** Makes a value of a word that has the right form. */
  private interface Reader<T> {
    T read(MatchResult match, YamlValue value) throws ScenarioException;
  }

  private final Pattern pattern;
  private final Reader<T> reader;

  private Scalar(String words, String unit, String example, String pattern, Reader<T> reader) {
    super(words, unit, example);
    this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
    this.reader = reader;
  }

  /** Any text that is not empty. */
  public static Scalar<String> text(String words, String example) {
    return new Scalar<>(words, "", example, ".+", (match, _) -> match.group());
  }

  /** The form of the word, as a regular expression. */
  public String pattern() {
    return pattern.pattern();
  }

  @Override
  T read(YamlValue value, Scope scope) throws ScenarioException {
    return read(value);
  }

  T read(YamlValue value) throws ScenarioException {
    Matcher match = pattern.matcher(value.text(words(), example()));
    if (!match.matches()) {
      throw value.unlike(words(), example());
    }
    return reader.read(match, value);
  }

  private static int parse32(MatchResult match, YamlValue value) throws ScenarioException {
    long number = parse(match.group(), value);
    if (number != (int) number && number >>> 32 != 0) {
      throw value.wrong(
          "0x%x does not fit in 32 bits".formatted(number),
          "write it as two values, low half first");
    }
    return (int) number;
  }

  private static long parse(String text, YamlValue value) throws ScenarioException {
    String digits = text.replace("_", "").replaceFirst("^[+-]", "");
    BigInteger magnitude =
        digits.startsWith("0x")
            ? new BigInteger(digits.substring(2), 16)
            : new BigInteger(digits, 10);
    if (magnitude.bitLength() > 64) {
      throw value.unlike("a number of at most 64 bits", "0xffffffffffffffff");
    }
    return text.startsWith("-") ? -magnitude.longValue() : magnitude.longValue();
  }

  private static int shiftOf(String suffix) {
    return suffix.isEmpty() ? 0 : "KMG".indexOf(suffix) * 10 + 10;
  }

  private static long nsPer(String unit) {
    return switch (unit) {
      case "ns" -> 1L;
      case "us" -> 1_000L;
      case "ms" -> 1_000_000L;
      default -> 1_000_000_000L;
    };
  }
}
