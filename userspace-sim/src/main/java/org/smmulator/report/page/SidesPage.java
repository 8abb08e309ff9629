package org.smmulator.report.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The sides of an argument, or a question and its answer, as one page: what each says and what its
 * runs showed beside the others', and any two of the runs beside each other, step by step.
 *
 * @param title in one line
 * @param before what is told above the sides
 * @param after what is told below them
 */
public record SidesPage(String title, List<Section> before, List<Side> sides, List<Section> after) {
  /**
   * A text under a heading.
   *
   * @param text in lines, which are kept
   */
  public record Section(String heading, String text) {}

  /** A side, what is told of it, and its runs. */
  public record Side(String name, List<Fact> facts, List<Run> runs) {}

  /** Something told of a side or of a run, and what kind of thing it is. */
  public record Fact(String label, String text) {}

  /**
   * A run.
   *
   * @param source the scenario's text
   */
  public record Run(String name, List<Fact> facts, String source, RunPage page) {}

  /**
   * Writes the page to {@code path}.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path path) throws IOException {
    PageData data = new PageData();
    data.head().put("title", title);
    ObjectNode told = data.head().putObject("argument");
    addSections(told.putArray("before"), before);
    addSections(told.putArray("after"), after);
    ArrayNode list = told.putArray("sides");
    int runs = 0;
    for (Side side : sides) {
      ObjectNode each = list.addObject().put("name", side.name());
      addFacts(each.putArray("facts"), side.facts());
      ArrayNode itsRuns = each.putArray("runs");
      for (Run run : side.runs()) {
        addFacts(itsRuns.addObject().put("run", runs++).putArray("facts"), run.facts());
        run.page().addTo(data, run.name(), run.source());
      }
    }
    PageFrame.write(path, data);
  }

  private static void addSections(ArrayNode list, List<Section> sections) {
    for (Section each : sections) {
      list.addObject().put("heading", each.heading()).put("text", each.text());
    }
  }

  private static void addFacts(ArrayNode list, List<Fact> facts) {
    for (Fact each : facts) {
      list.addObject().put("label", each.label()).put("text", each.text());
    }
  }
}
