package org.smmulator.architecture;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Java file as people read it. {@code name} is its path inside the repository. */
record Source(String name, String text) {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  /** A comment, or a literal in which what looks like one is none. */
  private static final Pattern LITERAL_OR_COMMENT =
      Pattern.compile(
          "\"\"\"(?s:.*?)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])*'"
              + "|(?<comment>/\\*(?s:.*?)\\*/|//[^\n]*(?:\n\\s*//[^\n]*)*)");

  private static final Pattern MARGIN = Pattern.compile("\\s*\n\\s*(?:\\*(?!/)|//)?\\s*");

  /** Every Java file below {@code folder}, by name. */
  static ImmutableList<Source> below(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .map(Source::read)
          .collect(toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sources of every module in {@code src/<set>/java}. */
  static ImmutableList<Source> ofEveryModule(String set) {
    try (Stream<Path> modules = Files.list(REPOSITORY)) {
      return modules
          .map(module -> module.resolve("src").resolve(set).resolve("java"))
          .filter(Files::isDirectory)
          .sorted()
          .flatMap(folder -> below(folder).stream())
          .collect(toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source read(Path file) {
    try {
      return new Source(REPOSITORY.relativize(file).toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The comments, each on one line and without its stars. */
  ImmutableList<String> comments() {
    return LITERAL_OR_COMMENT
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group("comment"))
        .filter(comment -> comment != null)
        .map(comment -> MARGIN.matcher(comment).replaceAll(" ").strip())
        .collect(toImmutableList());
  }

  /** The Javadocs, each on one line, from their first word. */
  ImmutableList<String> javadocs() {
    return comments().stream()
        .filter(comment -> comment.startsWith("/**"))
        .map(comment -> comment.substring(3, comment.length() - 2).strip())
        .collect(toImmutableList());
  }

  boolean isDoor() {
    return name.endsWith("/package-info.java");
  }
}
