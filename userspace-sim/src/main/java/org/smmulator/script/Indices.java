package org.smmulator.script;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.Nearest;

/**
 * The indices of the repeats around a piece of a file, by name. A word there may use them: {@code
 * buf$i}, {@code canvas+$(i*16)}; {@code $$} stands for the sign itself.
 */
record Indices(ImmutableMap<String, String> values) {
  static final Indices NONE = new Indices(ImmutableMap.of());

  private static final String NUMBER = "(0x[0-9a-fA-F]{1,12}|[0-9]{1,15})";
  private static final Pattern USE =
      Pattern.compile(
          "\\$(?:\\$|([A-Za-z_][A-Za-z0-9_]*)"
              + "|\\( *([A-Za-z_][A-Za-z0-9_]*) *(?:\\* *%s *)?(?:([+-]) *%s *)?\\)|)"
                  .formatted(NUMBER, NUMBER));

  Indices with(String name, String value) {
    ImmutableMap.Builder<String, String> more = ImmutableMap.builder();
    return new Indices(more.putAll(values).put(name, value).buildKeepingLast());
  }

  /** The text with the values of the indices that it uses. */
  String fill(String text, SourceLocation place) throws ScenarioException {
    if (values.isEmpty() || text.indexOf('$') < 0) {
      return text;
    }
    StringBuilder filled = new StringBuilder();
    Matcher use = USE.matcher(text);
    while (use.find()) {
      String value = use.group().equals("$$") ? "$" : valueOf(use.toMatchResult(), place);
      use.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return use.appendTail(filled).toString();
  }

  private String valueOf(MatchResult use, SourceLocation place) throws ScenarioException {
    String name = use.group(1) == null ? use.group(2) : use.group(1);
    if (name == null) {
      throw new ScenarioException(
          place,
          "a '$' that names no index",
          "write it like buf$i or canvas+$(i*16), and $$ for the sign itself");
    }
    String value = values.get(name);
    if (value == null) {
      throw new ScenarioException(
          place,
          "there is no index '%s'".formatted(name),
          Nearest.cure(name, values.keySet().stream().sorted().collect(toImmutableList())));
    }
    return use.group(3) == null && use.group(4) == null
        ? value
        : Long.toString(computed(use, name, value, place));
  }

  private static long computed(MatchResult use, String name, String value, SourceLocation place)
      throws ScenarioException {
    try {
      long product = Math.multiplyExact(Long.decode(value), decoded(use.group(3), 1));
      long term = decoded(use.group(5), 0);
      return Math.addExact(product, "-".equals(use.group(4)) ? -term : term);
    } catch (NumberFormatException e) {
      throw new ScenarioException(
          place,
          "the index '%s' is '%s', which is no number to compute with".formatted(name, value),
          "use it as it stands: $" + name);
    } catch (ArithmeticException e) {
      throw new ScenarioException(
          place, use.group() + " has more than 64 bits", "use smaller numbers");
    }
  }

  private static long decoded(@Nullable String number, long absent) {
    return number == null ? absent : Long.decode(number);
  }
}
