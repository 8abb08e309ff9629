package org.smmulator.script;

import com.google.common.collect.ImmutableList;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smmulator.machine.input.Nearest;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A piece of a YAML file that knows where it stands and what it stands for. */
final class YamlValue {
  private static final Pattern NUMBER = Pattern.compile("([+-]?)(0x[0-9a-fA-F_]+|[0-9][0-9_]*)");
  private static final Pattern SIZE = Pattern.compile("(0x[0-9a-fA-F]+|[0-9]+) ?([KMG]?)i?B?");
  private static final Pattern DURATION = Pattern.compile("([0-9]+) ?(ns|us|ms|s)");

  private final String file;
  private final String what;
  private final Node node;

  /**
   * Wraps {@code node}.
   *
   * @param what what it stands for, in a message: {@code "the key 'size' of gem_new"}
   */
  YamlValue(String file, String what, Node node) {
    this.file = file;
    this.what = what;
    this.node = node;
  }

  SourceLocation place() {
    return placeOf(file, node);
  }

  static SourceLocation placeOf(String file, Node node) {
    return node.getStartMark()
        .map(mark -> new SourceLocation(file, mark.getLine() + 1, mark.getColumn() + 1))
        .orElse(new SourceLocation(file, 1, 1));
  }

  ScenarioException wrong(String problem, String cure) {
    return new ScenarioException(place(), problem, cure);
  }

  private ScenarioException unlike(String expected, String example) {
    return wrong(
        "%s must be %s, not %s".formatted(what, expected, shown()), "write it like " + example);
  }

  private String shown() {
    return switch (node) {
      case ScalarNode scalar -> "'" + scalar.getValue() + "'";
      case SequenceNode list -> "a list";
      default -> "a mapping";
    };
  }

  boolean isScalar() {
    return node instanceof ScalarNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** The text of a scalar that is not empty. */
  String text(String expected, String example) throws ScenarioException {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
      return scalar.getValue();
    }
    throw unlike(expected, example);
  }

  /** A 64-bit number, decimal or {@code 0x}; hexadecimal ones may use all 64 bits. */
  long number() throws ScenarioException {
    String text = text("a number", "42 or 0xcafe");
    Matcher match = NUMBER.matcher(text);
    if (!match.matches()) {
      throw unlike("a number", "42 or 0xcafe");
    }
    return parse(match.group(1) + match.group(2));
  }

  private long parse(String sign64) throws ScenarioException {
    String digits = sign64.replace("_", "").replaceFirst("^[+-]", "");
    BigInteger magnitude =
        digits.startsWith("0x")
            ? new BigInteger(digits.substring(2), 16)
            : new BigInteger(digits, 10);
    if (magnitude.bitLength() > 64) {
      throw unlike("a number of at most 64 bits", "0xffffffffffffffff");
    }
    return sign64.startsWith("-") ? -magnitude.longValue() : magnitude.longValue();
  }

  /** A number of bytes: {@code 64K}, {@code 2M}, {@code 4096}. */
  long sizeBytes() throws ScenarioException {
    Matcher match = SIZE.matcher(text("a size", "4096, 64K or 2M"));
    if (!match.matches()) {
      throw unlike("a size", "4096, 64K or 2M");
    }
    int shift = "KMG".indexOf(match.group(2)) * 10 + 10;
    return parse(match.group(1)) << (match.group(2).isEmpty() ? 0 : shift);
  }

  /** A stretch of virtual time in nanoseconds: {@code 5ms}. */
  long durationNs() throws ScenarioException {
    Matcher match = DURATION.matcher(text("a duration", "500ns, 10us, 5ms or 1s"));
    if (!match.matches()) {
      throw unlike("a duration", "500ns, 10us, 5ms or 1s");
    }
    long unit =
        switch (match.group(2)) {
          case "ns" -> 1L;
          case "us" -> 1_000L;
          case "ms" -> 1_000_000L;
          default -> 1_000_000_000L;
        };
    return parse(match.group(1)) * unit;
  }

  /** One of the names of {@code type}'s constants, in small letters. */
  <E extends Enum<E>> E oneOf(Class<E> type) throws ScenarioException {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    String text = text("a word", "one of its values");
    for (E constant : type.getEnumConstants()) {
      String name = constant.name().toLowerCase(Locale.ROOT);
      if (name.equals(text)) {
        return constant;
      }
      names.add(name);
    }
    throw wrong("%s cannot be '%s'".formatted(what, text), Nearest.cure(text, names.build()));
  }

  /** The entries of a list. */
  ImmutableList<YamlValue> list(String example) throws ScenarioException {
    if (!(node instanceof SequenceNode sequence)) {
      throw unlike("a list", example);
    }
    ImmutableList.Builder<YamlValue> entries = ImmutableList.builder();
    for (Node entry : sequence.getValue()) {
      entries.add(new YamlValue(file, "an entry of " + what, entry));
    }
    return entries.build();
  }

  /** A mapping with these keys and no others. */
  Fields fields(String name, String... allowed) throws ScenarioException {
    return mapping(name).allowOnly(ImmutableList.copyOf(allowed));
  }

  /** A mapping with any keys, none of them twice. */
  Fields mapping(String name) throws ScenarioException {
    if (!(node instanceof MappingNode mapping)) {
      throw unlike("a mapping", "{key: value}");
    }
    return Fields.of(file, name, mapping);
  }
}
