package org.smmulator.cli.suite;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;

/**
 * The known troubles of a suite, in three lists as drm-ci has them: tests that fail, with the way
 * in which they do, {@code hang,Crash}; patterns of tests that sometimes fail; patterns of tests
 * that are not run. Kernel: {@code drivers/gpu/drm/ci/xfails}, {@code
 * Documentation/gpu/automated_testing.rst}.
 */
public final class ExpectedResults {
  private static final ImmutableSet<String> HEADERS =
      ImmutableSet.of("Bug Report", "Board Name", "Linux Version", "IGT Version", "Failure Rate");

  private static final ImmutableList<Status> WORDS =
      ImmutableList.of(Status.FAIL, Status.TIMEOUT, Status.CRASH);

  /**
   * An entry of a list.
   *
   * @param text the line
   * @param headers what the comment above it says about it
   */
  record Entry(Path file, int line, String text, ImmutableMap<String, String> headers) {
    String place() {
      return file + ":" + line;
    }

    /** {@code flakes.txt:6, Bug Report: https://..., Failure Rate: 33}. */
    String words() {
      return headers.isEmpty()
          ? place()
          : place() + ", " + Joiner.on(", ").withKeyValueSeparator(": ").join(headers);
    }
  }

  /** A known failure. */
  record KnownFailure(Entry entry, Status status) {}

  private record Rule(Entry entry, Pattern pattern) {}

  private final ImmutableMap<String, KnownFailure> fails;
  private final ImmutableList<Rule> flakes;
  private final ImmutableList<Rule> skips;

  /**
   * Reads the lists.
   *
   * @throws BadInputException if one cannot be read, or has a line that means nothing
   */
  public ExpectedResults(List<Path> fails, List<Path> flakes, List<Path> skips)
      throws BadInputException {
    this.fails = failures(fails);
    this.flakes = rules(flakes);
    this.skips = rules(skips);
  }

  /** The entry that says how {@code test} fails; null if it should pass. */
  @Nullable KnownFailure failureOf(String test) {
    return fails.get(test);
  }

  /** The entry that says that {@code test} sometimes fails; null if there is none. */
  @Nullable Entry flakeOf(String test) {
    return first(flakes, test);
  }

  /** The entry that says that {@code test} is not run; null if it is. */
  @Nullable Entry skipOf(String test) {
    return first(skips, test);
  }

  /** The known failures of tests that are not among {@code tests}. */
  ImmutableList<Entry> failuresOfNone(ImmutableList<SuiteTest> tests) {
    return fails.entrySet().stream()
        .filter(fail -> tests.stream().noneMatch(test -> test.name().equals(fail.getKey())))
        .map(fail -> fail.getValue().entry())
        .collect(ImmutableList.toImmutableList());
  }

  private static @Nullable Entry first(ImmutableList<Rule> rules, String test) {
    return rules.stream()
        .filter(rule -> rule.pattern().matcher(test).find())
        .map(Rule::entry)
        .findFirst()
        .orElse(null);
  }

  private static ImmutableMap<String, KnownFailure> failures(List<Path> files)
      throws BadInputException {
    Map<String, KnownFailure> known = new LinkedHashMap<>();
    for (Entry entry : entries(files)) {
      int comma = entry.text().lastIndexOf(',');
      String word = entry.text().substring(comma + 1);
      Status status =
          WORDS.stream().filter(each -> each.word().equals(word)).findFirst().orElse(null);
      if (comma <= 0 || status == null) {
        throw new BadInputException(
            "%s: '%s' does not say how a test fails".formatted(entry.place(), entry.text()),
            "write a test's name, a comma and Fail, Timeout or Crash: hang,Crash");
      }
      String test = entry.text().substring(0, comma);
      KnownFailure twice = known.put(test, new KnownFailure(entry, status));
      if (twice != null) {
        throw new BadInputException(
            "%s: '%s' is also at %s".formatted(entry.place(), test, twice.entry().place()),
            "remove one of the two");
      }
    }
    return ImmutableMap.copyOf(known);
  }

  private static ImmutableList<Rule> rules(List<Path> files) throws BadInputException {
    ImmutableList.Builder<Rule> rules = ImmutableList.builder();
    for (Entry entry : entries(files)) {
      try {
        rules.add(new Rule(entry, Pattern.compile(entry.text())));
      } catch (PatternSyntaxException e) {
        throw new BadInputException(
            "%s: '%s' is no pattern: %s".formatted(entry.place(), entry.text(), e.getDescription()),
            "write a regular expression, of which a test's name has a match: ^gpu/hang");
      }
    }
    return rules.build();
  }

  /** Comments right above an entry are its headers; an empty line ends them. */
  private static ImmutableList<Entry> entries(List<Path> files) throws BadInputException {
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    for (Path file : files) {
      Map<String, String> headers = new LinkedHashMap<>();
      boolean used = false;
      int number = 0;
      for (String each : UserFiles.read(file, "a list of tests").lines().toList()) {
        number++;
        String line = each.strip();
        if (line.isEmpty() || (used && line.startsWith("#"))) {
          headers.clear();
          used = false;
        }
        if (line.startsWith("#")) {
          note(line.substring(1), headers);
        } else if (!line.isEmpty()) {
          entries.add(new Entry(file, number, line, ImmutableMap.copyOf(headers)));
          used = true;
        }
      }
    }
    return entries.build();
  }

  private static void note(String comment, Map<String, String> headers) {
    int colon = comment.indexOf(':');
    String key = colon < 0 ? "" : comment.substring(0, colon).strip();
    if (HEADERS.contains(key)) {
      headers.put(key, comment.substring(colon + 1).strip());
    }
  }
}
