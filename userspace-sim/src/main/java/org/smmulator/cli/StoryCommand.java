package org.smmulator.cli;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.io.PrintWriter;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.faults.Injection;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.UserFiles;
import org.smmulator.report.NodeReport;
import org.smmulator.report.Probes;
import org.smmulator.report.RunReport;
import org.smmulator.script.Scenario;
import org.smmulator.script.Scenario.PlannedFault;
import org.smmulator.script.Scenario.Setting;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.SourceLocation;
import org.smmulator.story.Story;
import org.smmulator.story.StoryCompiler;
import org.smmulator.story.StoryMachine;

/** Runs a scenario that is written in Java, and reports its run. */
final class StoryCommand {
  private static final String SUFFIX = ".java";

  private final Path file;
  private final Story story;
  private final RunOptions options;
  private final PrintWriter out;

  private StoryCommand(Path file, Story story, RunOptions options, PrintWriter out) {
    this.file = file;
    this.story = story;
    this.options = options;
    this.out = out;
  }

  /** Returns whether a user has named such a file. */
  static boolean isFor(String name) {
    return name.endsWith(SUFFIX);
  }

  /** Runs the story in the file {@code name}; returns an {@link ExitCode}. */
  static int run(String name, RunOptions options, PrintWriter out)
      throws BadInputException, ScenarioException {
    if (options.isForScenarioFiles()) {
      throw new BadInputException(
          "--answer, --cat-at, --json, --report and --screenshot are of scenarios in .yaml",
          "leave them out; --trace, --dmesg, --cat and --full tell of a story");
    }
    Path file = UserFiles.path(name);
    String text = UserFiles.read(file, "a scenario");
    Story story = new StoryCompiler(ToolProvider.getSystemJavaCompiler()).compile(file, text);
    return new StoryCommand(file, story, options, out).run(text);
  }

  private int run(String text) throws BadInputException, ScenarioException {
    Scenario scenario = scenario(text);
    ScenarioBoard board = ScenarioBoard.of(scenario, options.board());
    KernelConfig config = options.machine().over(board.config());
    Probes probes = Probes.of(board.tree());
    try (TraceFile trace = options.machine().openTrace();
        Machine machine = trace.into(board.machine(config), probes.wires()).boot()) {
      RunReport report =
          new RunReport(scenario, machine, probes, Terminal.ofHost().style(options.wantsAll()));
      report.printTitle(out, config.describe());
      return tell(machine, report);
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
      out.println("%s: %s".formatted(placeOf(failure), wordsOf(failure)));
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
      story.tell(teller);
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
    String name = String.valueOf(file.getFileName());
    for (StackTraceElement frame : failure.getStackTrace()) {
      if (name.equals(frame.getFileName())) {
        return "%s:%d".formatted(file, frame.getLineNumber());
      }
    }
    return file.toString();
  }

  /** The frame of a scenario file, without processes: they are the story's. */
  private Scenario scenario(String text) {
    SourceLocation place = new SourceLocation(file.toString(), 1, 1);
    ImmutableList<PlannedFault> faults =
        story.faults().stream()
            .map(fault -> new PlannedFault(place, Injection.atOnce(fault)))
            .collect(toImmutableList());
    return new Scenario(
        file.toString(),
        file.toString(),
        text,
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
}
