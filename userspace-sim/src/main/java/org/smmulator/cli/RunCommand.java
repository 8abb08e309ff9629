package org.smmulator.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.FailureReport;
import org.smmulator.report.NodeReport;
import org.smmulator.report.Probes;
import org.smmulator.report.RunJson;
import org.smmulator.report.RunReport;
import org.smmulator.report.Style;
import org.smmulator.script.Failure;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioRun;

/** Runs a scenario and reports its run. */
final class RunCommand implements ReportedRun {
  private final Scenario scenario;
  private final RunOptions options;
  private final Style style;
  private final PageFile page;
  private final PrintWriter out;
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private @Nullable Failure failure;
  private long endedNs;

  /** Makes a run that is printed to {@code out}. */
  RunCommand(Scenario scenario, RunOptions options, Style style, PageFile page, PrintWriter out) {
    this.scenario = scenario;
    this.options = options;
    this.style = style;
    this.page = page;
    this.out = out;
  }

  /** Runs {@code scenario} on each of its boards until one fails; returns an {@link ExitCode}. */
  static int onEachBoard(Scenario scenario, RunOptions options, PrintWriter out)
      throws BadInputException, ScenarioException {
    Scenario asked = options.over(scenario);
    String fileOfOne = options.fileOfOneBoard();
    if (!asked.furtherBoards().isEmpty() && fileOfOne != null) {
      throw new BadInputException(
          "a %s is of one board, and '%s' runs on several".formatted(fileOfOne, scenario.file()),
          "choose one of them: --board " + asked.board().value());
    }
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ArrayNode runs = document.putArray("runs");
    PrintWriter text = options.wantsJson() ? new PrintWriter(Writer.nullWriter()) : out;
    PageFile page = options.openPage();
    try {
      for (Scenario each : asked.onEachBoard()) {
        if (!runs.isEmpty()) {
          text.println();
        }
        Style style = Terminal.ofHost().style(options.wantsAll());
        RunCommand run = new RunCommand(each, options, style, page, text);
        runs.add(run.json);
        int code = run.run();
        if (code != ExitCode.OK) {
          return code;
        }
      }
      return ExitCode.OK;
    } finally {
      if (options.wantsJson() && runs.size() > 0 && !runs.get(0).isEmpty()) {
        out.println(document.toPrettyString());
      }
    }
  }

  @Override
  public int run() throws BadInputException, ScenarioException {
    ScenarioBoard board = ScenarioBoard.of(scenario, options.board());
    KernelConfig config = options.machine().over(board.config());
    Probes probes = options.with(Probes.of(board.tree()), scenario);
    Screenshots screenshots =
        options.screenshot() == null ? null : new Screenshots(options.screenshot());
    try (TraceFile trace = options.machine().openTrace();
        Machine machine =
            trace
                .into(board.machine(config), Interposer.all(List.of(probes.wires(), page.wires())))
                .observe(page::begin)
                .boot()) {
      if (screenshots != null) {
        screenshots.watch(machine);
      }
      RunReport report = new RunReport(scenario, machine, probes, style);
      report.printTitle(out, config.describe());
      RunJson told = new RunJson(scenario, config.settings());
      int code = run(machine, report, trace, screenshots, told);
      json.setAll(told.ended(code));
      return code;
    }
  }

  private int run(
      Machine machine,
      RunReport report,
      TraceFile trace,
      @Nullable Screenshots screenshots,
      RunJson told)
      throws BadInputException, ScenarioException {
    ScenarioRun run = new ScenarioRun(scenario, machine, page.over(report));
    try {
      run.run();
    } catch (MachineStopped e) {
      endedNs = machine.scheduler().nowNs();
      report.printTimeline(out);
      out.println();
      trace.close();
      page.write(scenario);
      json.setAll(told.told(machine, run, report).stopped(e).ended(ExitCode.MACHINE_STOPPED));
      throw e;
    }
    endedNs = machine.scheduler().nowNs();
    trace.close();
    page.write(scenario);
    if (screenshots != null) {
      screenshots.end();
    }
    report.printTimeline(out);
    report.printFindings(out);
    var _ = told.told(machine, run, report);
    printFiles(machine, told);
    if (options.machine().wantsDmesg()) {
      out.println();
      machine.dmesg().lines().forEach(out::println);
    }
    failure = run.failure();
    if (failure != null) {
      FailureReport.print(failure, machine, out);
      report.printFailedSummary(out, run);
      var _ = told.failed(failure);
      return ExitCode.EXPECTATION_FAILED;
    }
    machine.shutDown(); // what drivers then still hold has leaked
    ImmutableMap<String, Long> leaked = machine.leakedPages();
    var _ = told.leaked(leaked);
    report.printSummary(out, run, leaked);
    return leaked.isEmpty() ? ExitCode.OK : ExitCode.BUG;
  }

  private void printFiles(Machine machine, RunJson told) throws BadInputException {
    for (String path : options.pathsAtEnd()) {
      StringWriter text = new StringWriter();
      PrintWriter printed = new PrintWriter(text);
      new NodeReport(machine, printed).print(path);
      printed.flush();
      out.println();
      out.println(path);
      out.print(text);
      var _ = told.file(path, text.toString());
    }
  }

  @Override
  public String reason() {
    return failure == null
        ? ""
        : "%s: expected %s, but %s"
            .formatted(failure.step().place(), failure.expected(), failure.actual());
  }

  @Override
  public long endedNs() {
    return endedNs;
  }
}
