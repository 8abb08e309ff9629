package org.smmulator.docs;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static com.google.common.collect.ImmutableMultiset.toImmutableMultiset;
import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Multiset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every relative link of every README and guide leads to a file, and stands there once. */
class ReadmeLinksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path GUIDES = ROOT.resolve("docs");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  @ParameterizedTest
  @MethodSource("readmes")
  void leadsSomewhere(Path readme) throws IOException {
    Path folder = ROOT.resolve(readme).normalize().resolveSibling("");
    assertThat(
            linksOf(Files.readString(readme)).stream()
                .filter(link -> !Files.exists(folder.resolve(link)))
                .toList())
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("readmes")
  void saysEachThingOnce(Path readme) throws IOException {
    assertWithMessage("Links that stand here twice: say each thing in one place")
        .that(linksThatStandTwice(Files.readString(readme)))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("readmes")
  void namesEveryPackage(Path readme) throws IOException {
    Path module = ROOT.resolve(readme).normalize().resolveSibling("");
    ImmutableList<String> links = linksOf(Files.readString(readme));
    try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
      assertWithMessage("Packages of the module that its README does not link to")
          .that(
              files
                  .filter(file -> file.endsWith("package-info.java"))
                  .map(file -> module.relativize(file).toString())
                  .filter(door -> !links.contains(door))
                  .sorted()
                  .toList())
          .isEmpty();
    } catch (NoSuchFileException e) {
      assertWithMessage("only the house itself and its guides have no sources")
          .that(module)
          .isAnyOf(ROOT, GUIDES);
    }
  }

  @Test
  void aLinkThatStandsTwiceIsFound() {
    assertThat(linksThatStandTwice("[a](a.md), [b](b.md) and again [the first](a.md)"))
        .containsExactly("a.md");
  }

  private static ImmutableList<String> linksOf(String text) {
    return LINK.matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(toImmutableList());
  }

  private static ImmutableList<String> linksThatStandTwice(String text) {
    return linksOf(text).stream().collect(toImmutableMultiset()).entrySet().stream()
        .filter(link -> link.getCount() > 1)
        .map(Multiset.Entry::getElement)
        .collect(toImmutableList());
  }

  static Stream<Path> readmes() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT);
        Stream<Path> guides = Files.list(GUIDES)) {
      List<Path> found =
          Stream.concat(
                  Stream.concat(Stream.of(ROOT), modules.filter(Files::isDirectory))
                      .map(folder -> folder.resolve("README.md"))
                      .filter(Files::exists),
                  guides)
              .distinct()
              .sorted()
              .toList();
      assertThat(found.size()).isAtLeast(12);
      return found.stream();
    }
  }
}
