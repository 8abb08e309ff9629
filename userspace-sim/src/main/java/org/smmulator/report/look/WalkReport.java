package org.smmulator.report.look;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import org.smmulator.iommu.pgtable.PgtableField;
import org.smmulator.iommu.pgtable.PgtableWalk;
import org.smmulator.report.Paragraphs;
import org.smmulator.report.RunReport;

/** Prints walks of pagetables: which bits of the address choose which entry, and what it says. */
public final class WalkReport {
  private final String process;
  private final WalkAddress address;
  private final WalkLook look;

  /** Tells what {@code look} has found for an address of {@code process}. */
  public WalkReport(String process, WalkAddress address, WalkLook look) {
    this.process = process;
    this.address = address;
    this.look = look;
  }

  // ---- as text

  /**
   * Prints the walks as text.
   *
   * @param columns of the terminal, at which lines are wrapped; 0 if they are not
   */
  public void print(ImmutableList<WalkLook.Walked> walks, PrintWriter out, int columns) {
    Paragraphs lines = new Paragraphs(out, columns);
    String moment = look.when().isEnd() ? "the end of " + look.when().process() : after();
    String named = address.name() == null ? "" : address + " is ";
    lines.print(
        0,
        "%s at %s: %saddress 0x%x"
            .formatted(RunReport.who(process, look.pid()), moment, named, look.iova()));
    for (WalkLook.Walked each : walks) {
      out.println();
      lines.print(0, "%s, root 0x%x".formatted(each.table(), each.root()));
      each.walk().steps().forEach(step -> print(step, each.walk().iova(), lines));
      lines.print(2, ending(each));
    }
  }

  private String after() {
    Moment moment = look.when();
    return moment.result() == null
        ? "step %d of %s".formatted(moment.ordinal(), moment.process())
        : moment.toString();
  }

  private static void print(PgtableWalk.Step step, long iova, Paragraphs lines) {
    PgtableWalk.Index index = step.index();
    lines.print(
        2,
        "L%d  0x%x >> %d & 0x%x = %d: 0x%0{width}x at 0x%x, %s"
            .replace("{width}", Integer.toString(hexDigits(step)))
            .formatted(
                step.level(),
                iova,
                index.shift(),
                index.mask(),
                index.value(),
                step.bits(),
                step.entryPa(),
                step.meaning()));
    lines.print(6, step.fields().stream().map(PgtableField::toString).collect(joining(" ")));
  }

  private static int hexDigits(PgtableWalk.Step step) {
    return step.entryBits() / 4;
  }

  private static String ending(WalkLook.Walked walked) {
    PgtableWalk walk = walked.walk();
    if (walk.pa().isEmpty()) {
      return "-> " + fault(walk);
    }
    long pa = walk.pa().getAsLong();
    long inLeaf = (1L << walk.steps().getLast().leafShift()) - 1;
    String sum = "0x%x + offset 0x%x = pa 0x%x".formatted(pa & ~inLeaf, pa & inLeaf, pa);
    Integer found = walked.found();
    return "-> " + sum + (found == null ? "" : ", which holds 0x%x".formatted(found));
  }

  private static String fault(PgtableWalk walk) {
    return walk.steps().isEmpty()
        ? "translation fault: the address is outside of what the table can map"
        : "translation fault at level %d: nothing is mapped there"
            .formatted(walk.steps().getLast().level());
  }

  // ---- as JSON

  /** Returns the walks as JSON; userspace-sim/docs/walk-json.md. */
  public ObjectNode json(ImmutableList<WalkLook.Walked> walks) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document
        .put("process", process)
        .put("pid", look.pid())
        .put("moment", look.when().toString())
        .put("address", hex(look.iova()));
    ArrayNode tables = document.putArray("tables");
    walks.forEach(walked -> tables.add(json(walked)));
    return document;
  }

  private static ObjectNode json(WalkLook.Walked walked) {
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("table", walked.table()).put("root", hex(walked.root()));
    ArrayNode steps = table.putArray("steps");
    for (PgtableWalk.Step step : walked.walk().steps()) {
      ObjectNode told = steps.addObject();
      told.put("level", step.level())
          .put("shift", step.index().shift())
          .put("mask", hex(step.index().mask()))
          .put("index", step.index().value())
          .put("at", hex(step.entryPa()))
          .put("entry", hex(step.bits()))
          .put("meaning", step.meaning());
      ObjectNode fields = told.putObject("fields");
      step.fields().forEach(field -> fields.put(field.name(), hex(field.value())));
    }
    if (walked.walk().pa().isPresent()) {
      table.put("pa", hex(walked.walk().pa().getAsLong()));
    } else {
      table.put("fault", fault(walked.walk()));
    }
    Integer found = walked.found();
    if (found != null) {
      table.put("holds", hex(Integer.toUnsignedLong(found)));
    }
    return table;
  }

  private static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }
}
