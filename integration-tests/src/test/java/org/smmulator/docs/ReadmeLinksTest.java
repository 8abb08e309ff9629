package org.smmulator.docs;

import static com.google.common.truth.Truth.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every relative link of every README leads to a file. */
class ReadmeLinksTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  @ParameterizedTest
  @MethodSource("readmes")
  void leadsSomewhere(Path readme) throws IOException {
    List<String> links =
        LINK.matcher(Files.readString(readme))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();

    Path folder = ROOT.resolve(readme).normalize().resolveSibling("");
    assertThat(links.stream().filter(link -> !Files.exists(folder.resolve(link))).toList())
        .isEmpty();
  }

  static Stream<Path> readmes() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> found =
          Stream.concat(Stream.of(ROOT), modules.filter(Files::isDirectory))
              .map(folder -> folder.resolve("README.md"))
              .filter(Files::exists)
              .sorted()
              .toList();
      assertThat(found.size()).isAtLeast(7);
      return found.stream();
    }
  }
}
