package org.smmulator.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.Machine;
import org.smmulator.machine.faults.InjectedFaults;
import org.smmulator.script.RunListener;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioRun;
import org.smmulator.script.Step;

/**
 * A run of a scenario as a newcomer reads it: a timeline of what processes, kernel and hardware
 * did, and then what the probes of the board found.
 */
public final class RunReport implements RunListener {
  private final Scenario scenario;
  private final Probe probe;
  private final Style style;
  private final Timeline timeline;
  private final InjectedFaults faults;

  /**
   * Watches {@code machine}, which has booted and not run anything yet.
   *
   * @param probe the probe that was put into its wires
   */
  public RunReport(Scenario scenario, Machine machine, Probe probe) {
    this(scenario, machine, probe, Style.PLAIN);
  }

  /** The same, printed in a style. */
  public RunReport(Scenario scenario, Machine machine, Probe probe, Style style) {
    this.style = style;
    this.scenario = scenario;
    this.probe = probe;
    timeline = new Timeline(machine.scheduler());
    machine.dmesg().listen(line -> timeline.addNotable("kernel", line.text()));
    faults = machine.injectedFaults();
    faults.listen(words -> timeline.addNotable("fault", words));
    probe.tell(machine, timeline);
  }

  /** A process as the report names it: {@code painter[100]}; a kernel thread as ps does. */
  public static String who(String process, int pid) {
    return pid == 0 ? "[%s]".formatted(process) : "%s[%d]".formatted(process, pid);
  }

  /** A death as the report tells it: {@code dies of SIGKILL in the wait of line 16}. */
  public static String death(String signal, @Nullable Step reached) {
    String where =
        reached == null
            ? ""
            : " in the %s of line %d".formatted(reached.type().keyword(), reached.place().line());
    return "dies of " + signal + where;
  }

  /** A number of things: {@code 1 job}, {@code 2 pagetable switches}. */
  public static String counted(int count, String noun) {
    String plural = noun.endsWith("s") || noun.endsWith("h") ? "es" : "s";
    return count == 1 ? "1 " + noun : count + " " + noun + plural;
  }

  // ---- while it runs

  @Override
  public void stepBegins(Step step) {
    probe.stepBegins(step);
  }

  @Override
  public void stepDone(String process, int pid, Step step, @Nullable Object result) {
    probe.stepDone(process, pid, step, result);
    timeline.add(who(process, pid), step.words());
  }

  @Override
  public void processDied(String process, int pid, String signal, @Nullable Step reached) {
    timeline.addNotable(who(process, pid), death(signal, reached));
  }

  @Override
  public void processEnding(String process, int pid) {
    probe.processEnding(process, pid);
    timeline.add(who(process, pid), "ends");
  }

  /** Adds a line of somebody's. */
  public void told(String who, String what) {
    timeline.add(who, what);
  }

  // ---- what is printed

  /** Prints the title and the story, and what a lesson has beside them. */
  public void printTitle(PrintWriter out, String settings) {
    Paragraphs text = new Paragraphs(out, style.columns());
    text.printText("%s (%s, %s)".formatted(scenario.about(), scenario.board().value(), settings));
    if (!scenario.story().isEmpty()) {
      out.println();
      text.printText(scenario.story());
    }
    Scenario.Lesson lesson = scenario.lesson();
    if (lesson != null) {
      if (!lesson.picture().isEmpty()) {
        out.println();
        lesson.picture().lines().forEach(line -> out.println("    " + line));
      }
      out.println();
      text.printText("Retells " + String.join(", ", lesson.retells()) + ".");
    }
  }

  /** Prints the timeline. */
  public void printTimeline(PrintWriter out) {
    timeline.print(out, style);
  }

  /** Prints what the probes found, and what a lesson asks. */
  public void printFindings(PrintWriter out) {
    Paragraphs text = new Paragraphs(out, style.columns());
    findings().lines().forEach(line -> text.print(0, line));
    faults.notHappened().forEach(words -> out.println("\nNever happened: " + words + "."));
    Scenario.Lesson lesson = scenario.lesson();
    if (lesson != null) {
      out.println();
      text.printText("Question: " + lesson.question());
      out.println("  (smmulator run %s --answer)".formatted(scenario.name()));
    }
  }

  /**
   * Prints the last line of a run that met its expectations, after its drivers have let go of all.
   *
   * @param leaked the pages that are still held, by owner
   */
  public void printSummary(PrintWriter out, ScenarioRun run, ImmutableMap<String, Long> leaked) {
    printSummary(out, run.expectationsMet(), probe.counts(), leaked);
  }

  /** The same of a run that is no scenario file's: what its steps were nobody has counted. */
  public void printSummary(PrintWriter out, int met, ImmutableMap<String, Long> leaked) {
    printSummary(out, met, ImmutableList.of(), leaked);
  }

  private void printSummary(
      PrintWriter out, int met, ImmutableList<String> counts, ImmutableMap<String, Long> leaked) {
    out.println();
    leaked.forEach((owner, pages) -> out.println("leaked: %d pages, %s".formatted(pages, owner)));
    printVerdict(
        out,
        leaked.isEmpty() ? "ok" : "not ok",
        counted(met, "expectation"),
        counts,
        leaked.isEmpty() ? "nothing leaked" : "memory leaked");
  }

  /** Prints the last line of a run that failed and is no scenario file's. */
  public void printFailedSummary(PrintWriter out, int met) {
    printVerdict(out, "not ok", counted(met, "expectation"), ImmutableList.of(), "1 failure");
  }

  /** Prints the last line of a run that failed. */
  public void printFailedSummary(PrintWriter out, ScenarioRun run) {
    String all = counted(run.expectations(), "expectation");
    int notReached = run.expectationsNotReached();
    printVerdict(
        out,
        "not ok",
        "%d of %s%s"
            .formatted(
                run.expectationsMet(),
                all,
                notReached == 0 ? "" : ", %d not reached".formatted(notReached)),
        probe.counts(),
        "1 failure");
  }

  /** The timeline and the findings as JSON; the reader knows the scenario. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode lines = json.putArray("timeline");
    for (Timeline.Line line : timeline.lines()) {
      lines
          .addObject()
          .put("time_ns", line.timeNs())
          .put("who", line.who())
          .put("what", line.what())
          .put("notable", line.notable())
          .put("again", line.again());
    }
    ArrayNode findings = json.putArray("findings");
    findings().lines().filter(line -> !line.isEmpty()).forEach(findings::add);
    probe.counts().forEach(json.putArray("counts")::add);
    return json;
  }

  private String findings() {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    probe.printFindings(out);
    out.flush();
    return text.toString();
  }

  private void printVerdict(
      PrintWriter out, String verdict, String first, ImmutableList<String> between, String last) {
    ImmutableList<String> counts =
        ImmutableList.<String>builder().add(first).addAll(between).add(last).build();
    Style.Colour colour = verdict.equals("ok") ? Style.Colour.GOOD : Style.Colour.BAD;
    String line = verdict + ": " + String.join(", ", counts);
    Paragraphs.wrapped(line, 4, style.columns())
        .forEach(part -> out.println(style.in(colour, part)));
  }
}
