package org.smmulator.report.page;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Scenarios;
import org.smmulator.script.Step;

/** The events in the page of a run; that a browser shows them is tested in one. */
class RunPageTest {
  private static final Pattern EVENTS =
      Pattern.compile("id=\"events-data\">(.*?)</script>", Pattern.DOTALL);

  @TempDir private Path directory;

  @Test
  void aMappingIsToldWithTheEntriesOfItsWalk() throws Exception {
    List<JsonNode> maps = events("map");

    assertThat(maps).isNotEmpty();
    for (JsonNode map : maps) {
      assertThat(map.get("e")).hasSize(4);
      long leaf = Long.parseUnsignedLong(map.get("e").get(3).asText(), 16);
      assertThat(Long.toHexString(leaf & 0x0000_ffff_ffff_f000L)).isEqualTo(map.get("a").asText());
    }
    assertThat(maps.getFirst().get("v").asText()).isEqualTo("100000000");
  }

  @Test
  void bothSidesOfASwitchAreThere() throws Exception {
    assertThat(events("switch").stream().map(each -> each.get("w").asText()))
        .containsExactly("pagetable of painter[100]", "pagetable of reader[101]")
        .inOrder();
    // The command processor forgets the old table's entries, and the driver those that it unmaps.
    assertThat(events("inv").size()).isAtLeast(4);
    assertThat(events("fill")).isNotEmpty();
  }

  @Test
  void stepsAreToldWithTheirLines() throws Exception {
    assertThat(events("step").getFirst().get("w").asText()).isEqualTo("opens /dev/dri/renderD128");
    List<String> file = new Scenarios().load("two-processes").text().lines().toList();
    assertThat(file.get(events("step").getFirst().get("l").asInt() - 1)).contains("- open: {");
  }

  @Test
  void thePageIsWholeAndNoTextEndsItsScript() throws Exception {
    String page = page("</script><script>alert(1)</script>");

    assertThat(page).doesNotContain("<script>alert");
    assertThat(page).doesNotContain("@EVENTS@");
    assertThat(page).doesNotContain("src=");
    assertThat(page).doesNotContain("http");
    assertThat(page.length()).isLessThan(2 << 20);
  }

  @Test
  void aPageOfAFewEventsSaysThatThereWereMore() throws Exception {
    List<JsonNode> few = allEvents(page(new RunPage(10), "about: x\n"));

    assertThat(few).hasSize(11);
    assertThat(few.getLast().get("w").asText()).isEqualTo("what follows was not recorded");
  }

  private List<JsonNode> events(String kind) throws Exception {
    return allEvents(page("about: x\n")).stream()
        .filter(each -> each.get("k").asText().equals(kind))
        .toList();
  }

  private static List<JsonNode> allEvents(String page) throws Exception {
    Matcher found = EVENTS.matcher(page);
    assertThat(found.find()).isTrue();
    List<JsonNode> all = new ArrayList<>();
    new JsonMapper().readTree(found.group(1)).forEach(all::add);
    return all;
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
