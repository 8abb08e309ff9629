package org.smmulator.architecture;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of Linux that comments cite: everything in {@code code} after "Kernel:" and in a door's
 * table, and wherever it stands a function, a {@code struct}, an {@code enum} or a file.
 */
final class KernelNames {
  /** Line by line a name, a tab, and the file that defines it in Linux 7.1.5 or its history. */
  private static final Path LIST = Path.of("src/test/resources/kernel-names.tsv");

  private static final Pattern SENTENCE = Pattern.compile("Kernel: (.*?)(?:[.;:] |[.;:]?$|\\*/)");
  private static final Pattern TABLE_ROW = Pattern.compile("<tr><td>(.*?)</td>");
  private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)}");
  private static final Pattern ANYWHERE =
      Pattern.compile(
          "\\b[a-z_]\\w*_\\w*\\(\\)"
              + "|\\b(?:struct|enum|union) [a-z]\\w*_\\w+"
              + "|\\b[\\w./-]+\\.(?:c|h|S)\\b");

  /** A member, a node of sysfs or a plain word of C is none. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:(?:struct|enum|union)"
              + " )?\\w*_[\\w*]*(?:\\(\\))?|\\w+\\(\\)|[\\w./-]+\\.(?:c|h|S|xml)");

  private static final Pattern ARGUMENTS = Pattern.compile("\\(.*\\)");

  private KernelNames() {}

  /** The list: name, and file or history. */
  static ImmutableMap<String, String> known() {
    try {
      return Files.readAllLines(LIST).stream()
          .map(line -> Splitter.on('\t').splitToList(line))
          .collect(toImmutableMap(List::getFirst, List::getLast));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> citedIn(Source source) {
    return source.comments().stream().flatMap(KernelNames::citedIn).distinct();
  }

  private static Stream<String> citedIn(String comment) {
    Stream<String> named =
        ImmutableList.of(SENTENCE, TABLE_ROW).stream()
            .flatMap(place -> place.matcher(comment).results())
            .flatMap(place -> CODE.matcher(place.group(1)).results())
            .map(code -> ARGUMENTS.matcher(code.group(1)).replaceAll("()"))
            .filter(NAME.asMatchPredicate());
    return Stream.concat(named, ANYWHERE.matcher(comment).results().map(MatchResult::group));
  }
}
