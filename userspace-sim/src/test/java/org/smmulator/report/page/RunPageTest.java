package org.smmulator.report.page;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Scenarios;
import org.smmulator.script.Step;

/** The events in the page of a run; that a browser shows them is tested in one. */
class RunPageTest {
  @TempDir private Path directory;

  @Test
  void aMappingIsToldWithTheEntriesOfItsWalk() throws Exception {
    List<PageText.Event> maps =
        events("map").stream().filter(map -> map.text("name").equals("iommu_task_map")).toList();

    assertThat(maps).isNotEmpty();
    for (PageText.Event map : maps) {
      assertThat(map.walk()).hasSize(4);
      assertThat(map.walk().get(3) & 0x0000_ffff_ffff_f000L).isEqualTo(map.number("pa"));
    }
    assertThat(maps.getFirst().number("iova")).isEqualTo(0x1_0000_0000L);
  }

  @Test
  void bothSidesOfASwitchAreThere() throws Exception {
    assertThat(events("switch").stream().map(PageText.Event::words))
        .containsExactly("pagetable of painter[100]", "pagetable of reader[101]")
        .inOrder();
  }

  @Test
  void whatATlbTakesInItLosesAgain() throws Exception {
    List<Long> tables = events("bind").stream().map(each -> each.number("base")).toList();
    List<PageText.Event> fills = events("fill");

    assertThat(fills.stream().map(each -> each.number("base")).toList())
        .containsAtLeastElementsIn(tables);
    assertThat(events("empty")).isNotEmpty(); // the command processor has an ASID invalidated
    for (PageText.Event drop : events("drop")) {
      assertThat(fills.stream().map(each -> each.number("iova") >> each.number("shift")))
          .contains(drop.number("iova") >> drop.number("shift"));
    }
  }

  @Test
  void stepsAreToldWithTheirLines() throws Exception {
    assertThat(events("step").getFirst().words()).isEqualTo("opens /dev/dri/renderD128");
    List<String> file = new Scenarios().load("two-processes").text().lines().toList();
    assertThat(file.get((int) events("step").getFirst().number("line") - 1)).contains("- open: {");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</script><script>alert(1)</script>",
        "<!-- <script>",
        "@data@ @page.css@ @EVENTS@ $1 \\1",
        "a\u2028b\u2029c\u0000d\u202ee\u200ff",
        "]]>&amp;&lt;`${1}`"
      })
  void noTextIsTakenForAPartOfThePage(String text) throws Exception {
    String page = page(text);

    assertThat(new PageText(page).head().get("runs").get(0).get("source").asText()).isEqualTo(text);
    assertThat(page).doesNotContain(text);
    assertThat(page.replaceAll("id=\"data\">[^<]*", ""))
        .isEqualTo(page("about: x\n").replaceAll("id=\"data\">[^<]*", ""));
  }

  @Test
  void halfACharacterIsAQuestionMark() throws Exception {
    PageText page = new PageText(page("half \ud800 of one"));

    assertThat(page.head().get("runs").get(0).get("source").asText()).isEqualTo("half ? of one");
  }

  @Test
  void thePageIsWholeAndSmallAndAsksForNothing() throws Exception {
    String page = page("about: x\n");

    assertThat(page).doesNotContainMatch("@[a-z.]+@");
    assertThat(page).doesNotContain("src=");
    assertThat(page).doesNotContain("http");
    assertThat(page.length()).isLessThan(2 << 20);
  }

  @Test
  void theSameRunMakesTheSameBytes() throws Exception {
    assertThat(page("about: x\n")).isEqualTo(page("about: x\n"));
  }

  @Test
  void aPageOfAFewEventsSaysThatThereWereMore() throws Exception {
    List<PageText.Event> few = new PageText(page(new RunPage(10), "about: x\n")).events(0);

    assertThat(few).hasSize(11);
    assertThat(few.getLast().words()).isEqualTo("what follows was not recorded");
  }

  private List<PageText.Event> events(String kind) throws Exception {
    return new PageText(page("about: x\n"))
        .events(0).stream().filter(each -> each.text("kind").equals(kind)).toList();
  }

  private String page(String source) throws Exception {
    return page(new RunPage(), source);
  }

  private String page(RunPage page, String source) throws Exception {
    Path path = directory.resolve("run.html");
    Scenario scenario = new Scenarios().load("two-processes");
    try (Machine machine =
        Machine.on(new Boards().load("db845c"))
            .interpose(page.wires())
            .traced()
            .observe(page::begin)
            .boot()) {
      new ScenarioRun(scenario, machine, page.over(new Unheard())).run();
      page.write(path, scenario.about(), source);
      machine.shutDown();
    }
    return Files.readString(path, UTF_8);
  }

  private static final class Unheard implements RunListener {
    @Override
    public void stepDone(String process, int pid, Step step, @Nullable Object result) {}

    @Override
    public void processEnding(String process, int pid) {}
  }
}
