package org.smmulator.cli;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.faults.Injection;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.NodeReport;
import org.smmulator.report.Probes;
import org.smmulator.report.RunReport;
import org.smmulator.report.Style;
import org.smmulator.script.Scenario;
import org.smmulator.script.Scenario.PlannedFault;
import org.smmulator.script.Scenario.Setting;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.SourceLocation;
import org.smmulator.story.Story;
import org.smmulator.story.StoryFile;
import org.smmulator.story.StoryMachine;

/** Runs a scenario that is written in Java, and reports its run. */
final class StoryCommand implements ReportedRun {
  private final StoryFile file;
  private final RunOptions options;
  private final Style style;
  private final PrintWriter out;
  private String reason = "";
  private long endedNs;

  /** Makes a run that is printed to {@code out}. */
  StoryCommand(StoryFile file, RunOptions options, Style style, PrintWriter out) {
    this.file = file;
    this.options = options;
    this.style = style;
    this.out = out;
  }

  /** Runs the story in the file {@code name}; returns an {@link ExitCode}. */
  static int run(String name, RunOptions options, PrintWriter out)
      throws BadInputException, ScenarioException {
    if (options.isForScenarioFiles()) {
      throw new BadInputException(
          "--answer, --cat-at, --json, --report and --screenshot are of scenarios in .yaml",
          "leave them out; --trace, --dmesg, --cat and --full tell of a story");
    }
    Style style = Terminal.ofHost().style(options.wantsAll());
    return new StoryCommand(StoryFile.load(name), options, style, out).run();
  }

  @Override
  public int run() throws BadInputException, ScenarioException {
    Scenario scenario = scenario();
    ScenarioBoard board = ScenarioBoard.of(scenario, options.board());
    KernelConfig config = options.machine().over(board.config());
    Probes probes = Probes.of(board.tree());
    try (TraceFile trace = options.machine().openTrace();
        Machine machine = trace.into(board.machine(config), probes.wires()).boot()) {
      RunReport report = new RunReport(scenario, machine, probes, style);
      report.printTitle(out, config.describe());
      try {
        return tell(machine, report);
      } finally {
        endedNs = machine.scheduler().nowNs();
      }
    }
  }

  private int tell(Machine machine, RunReport report) throws BadInputException {
    StoryMachine teller = new StoryMachine(machine, report::told);
    Throwable failure;
    try {
      failure = tell(teller);
    } catch (MachineStopped e) {
      report.printTimeline(out);
      out.println();
      throw e;
    }
    report.printTimeline(out);
    report.printFindings(out);
    for (String path : options.pathsAtEnd()) {
      out.println();
      out.println(path);
      new NodeReport(machine, out).print(path);
    }
    if (options.machine().wantsDmesg()) {
      out.println();
      machine.dmesg().lines().forEach(out::println);
    }
    if (failure != null) {
      out.println();
      reason = "%s: %s".formatted(placeOf(failure), wordsOf(failure));
      out.println(reason);
      report.printFailedSummary(out, teller.expectationsMet());
      return ExitCode.EXPECTATION_FAILED;
    }
    machine.endProcesses();
    machine.shutDown(); // what drivers then still hold has leaked
    ImmutableMap<String, Long> leaked = machine.leakedPages();
    report.printSummary(out, teller.expectationsMet(), leaked);
    return leaked.isEmpty() ? ExitCode.OK : ExitCode.BUG;
  }

  /** Whatever a story throws is its own failure, but for a machine that has stopped. */
  @SuppressWarnings("CatchingUnchecked")
  private @Nullable Throwable tell(StoryMachine teller) {
    try {
      file.story().tell(teller);
      teller.judgeIsolation();
      return null;
    } catch (MachineStopped e) {
      throw e;
    } catch (Exception | AssertionError | LinkageError | StackOverflowError e) {
      return e;
    }
  }

  private static String wordsOf(Throwable failure) {
    boolean speaks = failure instanceof AssertionError || failure instanceof ErrnoException;
    return speaks ? String.valueOf(failure.getMessage()) : failure.toString();
  }

  /** The line of the story that was being told. */
  private String placeOf(Throwable failure) {
    String name = String.valueOf(file.path().getFileName());
    for (StackTraceElement frame : failure.getStackTrace()) {
      if (name.equals(frame.getFileName())) {
        return "%s:%d".formatted(file.path(), frame.getLineNumber());
      }
    }
    return file.path().toString();
  }

  /** The frame of a scenario file, without processes: they are the story's. */
  private Scenario scenario() {
    Story story = file.story();
    String path = file.path().toString();
    SourceLocation place = new SourceLocation(path, 1, 1);
    ImmutableList<PlannedFault> faults =
        story.faults().stream()
            .map(fault -> new PlannedFault(place, Injection.atOnce(fault)))
            .collect(toImmutableList());
    return new Scenario(
        path,
        path,
        file.text(),
        story.about(),
        "",
        null,
        new Setting(place, story.board()),
        ImmutableList.of(),
        ImmutableMap.copyOf(
            Maps.transformValues(story.settings(), value -> new Setting(place, value))),
        faults,
        ImmutableList.of(),
        ImmutableList.of());
  }

  @Override
  public String reason() {
    return reason;
  }

  @Override
  public long endedNs() {
    return endedNs;
  }
}
