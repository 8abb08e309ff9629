package org.smmulator.cli;

import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.FailureReport;
import org.smmulator.report.Probes;
import org.smmulator.report.RunReport;
import org.smmulator.script.Failure;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioRun;

/** Runs a scenario and reports its run. */
final class RunCommand {
  private final Scenario scenario;
  private final MachineOptions options;
  private final @Nullable Screenshots screenshots;
  private final PageFile page;
  private final PrintWriter out;
  private @Nullable Failure failure;
  private long endedNs;

  RunCommand(
      Scenario scenario,
      MachineOptions options,
      @Nullable Screenshots screenshots,
      PageFile page,
      PrintWriter out) {
    this.scenario = scenario;
    this.options = options;
    this.screenshots = screenshots;
    this.page = page;
    this.out = out;
  }

  /** Runs {@code scenario} on each of its boards until one fails; returns an {@link ExitCode}. */
  static int onEachBoard(
      Scenario scenario,
      MachineOptions options,
      @Nullable Screenshots screenshots,
      PageFile page,
      PrintWriter out)
      throws BadInputException, ScenarioException {
    String ofOne =
        options.wantsTrace()
            ? "trace"
            : screenshots != null ? "screenshot" : page.isWanted() ? "page" : null;
    if (!scenario.furtherBoards().isEmpty() && ofOne != null) {
      throw new BadInputException(
          "a %s is of one board, and '%s' runs on several".formatted(ofOne, scenario.file()),
          "copy the scenario and name one board in it");
    }
    boolean first = true;
    for (Scenario each : scenario.onEachBoard()) {
      if (!first) {
        out.println();
      }
      first = false;
      int code = new RunCommand(each, options, screenshots, page, out).run();
      if (code != ExitCode.OK) {
        return code;
      }
    }
    return ExitCode.OK;
  }

  /** Returns an {@link ExitCode}. */
  int run() throws BadInputException, ScenarioException {
    ScenarioBoard board = ScenarioBoard.of(scenario);
    KernelConfig config = options.over(board.config());
    Probes probes = Probes.of(board.tree());
    try (TraceFile trace = options.openTrace();
        Machine machine =
            trace
                .into(
                    Machine.on(board.tree()).config(config),
                    Interposer.all(List.of(probes, page.wires())))
                .observe(page::begin)
                .boot()) {
      if (screenshots != null) {
        screenshots.watch(machine);
      }
      RunReport report = new RunReport(scenario, machine, probes);
      report.printTitle(out, config.describe());
      return run(machine, report, trace);
    }
  }

  private int run(Machine machine, RunReport report, TraceFile trace) throws BadInputException {
    ScenarioRun run = new ScenarioRun(scenario, machine, page.over(report));
    try {
      run.run();
      endedNs = machine.scheduler().nowNs();
    } catch (MachineStopped e) {
      endedNs = machine.scheduler().nowNs();
      report.printTimeline(out);
      out.println();
      trace.close();
      page.write(scenario);
      throw e;
    }
    trace.close();
    page.write(scenario);
    if (screenshots != null) {
      screenshots.end();
    }
    report.printTimeline(out);
    report.printFindings(out);
    if (options.wantsDmesg()) {
      out.println();
      machine.dmesg().lines().forEach(out::println);
    }
    failure = run.failure();
    if (failure != null) {
      FailureReport.print(failure, machine, out);
      report.printFailedSummary(out, run);
      return ExitCode.EXPECTATION_FAILED;
    }
    machine.shutDown(); // what drivers then still hold has leaked
    return report.printSummary(out, run) ? ExitCode.OK : ExitCode.BUG;
  }

  /** The step that failed the run; null if there was none. */
  @Nullable Failure failure() {
    return failure;
  }

  /** When the run ended, in virtual time. */
  long endedNs() {
    return endedNs;
  }
}
