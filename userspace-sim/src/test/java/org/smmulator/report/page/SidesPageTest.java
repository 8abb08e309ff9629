package org.smmulator.report.page;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.cli.ExitCode;
import org.smmulator.cli.Main;

/** The page of an argument, and of a lesson with its answer, as the command line writes them. */
class SidesPageTest {
  @TempDir private Path directory;

  private final StringWriter told = new StringWriter();

  @Test
  void everySideOfAnArgumentIsThereWithItsRuns() throws Exception {
    PageText page = page("debate", "bind-task-2017");
    JsonNode sides = page.head().get("argument").get("sides");

    assertThat(sides.findValuesAsText("name"))
        .containsExactly("shared", "dynamic-domains", "bind-task", "aux-domains", "adreno-smmu")
        .inOrder();
    for (JsonNode side : sides) {
      int run = side.get("runs").get(0).get("run").asInt();
      assertThat(page.head().get("runs").get(run).get("name").asText())
          .isEqualTo("bind-task-2017-" + side.get("name").asText());
      assertThat(page.head().get("runs").get(run).get("devices")).isNotEmpty();
      assertThat(page.events(run).stream().map(each -> each.text("kind"))).contains("step");
    }
  }

  @Test
  void whatIsPrintedOfASideStandsInThePage() throws Exception {
    PageText page = page("debate", "bind-task-2017");

    JsonNode facts =
        page.head().get("argument").get("sides").get(0).get("runs").get(0).get("facts");
    assertThat(facts.findValuesAsText("text"))
        .contains("broken: painter finds 0x666 at canvas+0x20");
    assertThat(told.toString()).contains("outcome    broken: painter finds 0x666 at canvas+0x20");
  }

  @Test
  void aLessonStandsBesideItsAnswer() throws Exception {
    PageText page = page("run", "exynos-fill", "--answer");

    JsonNode runs = page.head().get("runs");
    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).get("name").asText()).isEqualTo("exynos-fill");
    assertThat(runs.get(1).get("name").asText()).isEqualTo("two-files-two-engines");
    assertThat(page.head().get("argument").get("before").findValuesAsText("heading"))
        .containsExactly("Question", "Answer")
        .inOrder();
  }

  @Test
  void aPageIsOfOneArgumentAndMustBeWritable() {
    assertThat(run("debate", "--report", directory.resolve("x.html").toString()))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(told.toString()).contains("smmulator: a page is of one argument");
    assertThat(run("debate", "bind-task-2017", "--report", directory.toString()))
        .isEqualTo(ExitCode.BAD_INPUT);
    assertThat(told.toString()).contains("smmulator: the page");
  }

  private PageText page(String... words) throws Exception {
    Path path = directory.resolve("sides.html");
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--report";
    all[words.length + 1] = path.toString();
    assertThat(run(all)).isEqualTo(ExitCode.OK);
    return new PageText(Files.readString(path, UTF_8));
  }

  private int run(String... words) {
    PrintWriter out = new PrintWriter(told, true);
    return Main.run(out, out, words);
  }
}
