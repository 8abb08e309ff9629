package org.smmulator.architecture;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of what no source confirms lists exactly what is tagged so in the code. */
class UnverifiedPageTest {
  private static final Path PAGE = Path.of("docs/unverified.md");
  private static final Pattern TAG = Pattern.compile("@implNote Unverified: (.*?)(?= @[a-z]+ |$)");
  private static final Pattern LINK = Pattern.compile("\\{@link(?:plain)? #?([^}]*)}");
  private static final Pattern CODE = Pattern.compile("\\{@code ([^}]*)}");

  @Test
  void thePageListsWhatIsTagged() throws IOException {
    String rendered = render(Source.ofEveryModule("main"));
    Path written = Path.of("target/unverified.md");
    Files.createDirectories(written.getParent());
    Files.writeString(written, rendered);

    assertWithMessage("The code says something else: copy integration-tests/%s over it", written)
        .that(Files.readString(PAGE))
        .isEqualTo(rendered);
  }

  @Test
  void aTagGetsALine() {
    Source source =
        new Source(
            "iommu/src/main/java/org/smmulator/hw/sysmmu/Sysmmu.java",
            """
            /** A model.
             *
             * @implNote Unverified: the {@code TLB}'s size.
             */
            class Sysmmu {}
            """);

    assertThat(render(ImmutableList.of(source)))
        .endsWith(
            "- [hw.sysmmu.Sysmmu](../../iommu/src/main/java/org/smmulator/hw/sysmmu/Sysmmu.java):"
                + " the `TLB`'s size.\n");
  }

  private static String render(ImmutableList<Source> sources) {
    return sources.stream()
        .flatMap(UnverifiedPageTest::lines)
        .collect(
            Collectors.joining(
                "",
                """
                # Unverified

                What the code says or does that neither Linux 7.1.5 nor a public manual confirms.
                Each line is an `@implNote Unverified:` in the Javadoc; a test holds the two together.

                """,
                ""));
  }

  private static Stream<String> lines(Source source) {
    String type =
        source
            .name()
            .replaceFirst(".*/org/smmulator/", "")
            .replaceFirst("\\.java$", "")
            .replace('/', '.');
    return source.javadocs().stream()
        .flatMap(javadoc -> TAG.matcher(javadoc).results())
        .map((MatchResult tag) -> markdown(tag.group(1).strip()))
        .map(note -> "- [%s](../../%s): %s\n".formatted(type, source.name(), note));
  }

  private static String markdown(String javadoc) {
    return CODE.matcher(LINK.matcher(javadoc).replaceAll("`$1`")).replaceAll("`$1`");
  }
}
