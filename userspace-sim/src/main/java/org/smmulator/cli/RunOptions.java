package org.smmulator.cli;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.Probes;
import org.smmulator.report.look.FileLook;
import org.smmulator.report.look.Moment;
import org.smmulator.script.Scenario;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code smmulator run}. */
final class RunOptions {
  @Option(
      names = "--board",
      paramLabel = "BOARD",
      description = "Run it on this board, a name or a .dts or .dtb file, not on its own.")
  private @Nullable String board;

  @Option(
      names = "--screenshot",
      paramLabel = "FILE.png|FOLDER",
      description = "Write the last picture of a panel, or each of its frames into a folder.")
  private @Nullable Path screenshot;

  @Option(
      names = "--cat",
      paramLabel = "PATH",
      description = "Print a file or directory of the machine at the end; may be repeated.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--cat-at",
      paramLabel = "STEP",
      description =
          "Print them at a moment instead: PROCESS:3 is after its third step, PROCESS.NAME after"
              + " the step that gives the name, PROCESS at its end.")
  private @Nullable String moment;

  @Option(
      names = "--json",
      description = "Print the run as JSON, and nothing else; userspace-sim/docs/run-json.md.")
  private boolean json;

  @Option(names = "--full", description = "Fold, leave out and cut nothing of the timeline.")
  private boolean full;

  @Option(
      names = "--answer",
      description = "Answer the question of a lesson, with the run that shows it.")
  private boolean answer;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page for a browser, in which one steps through the run.")
  private @Nullable Path report;

  private @Nullable Scenario asked;

  @Mixin private MachineOptions machine = new MachineOptions();

  /** The options of a run that prints what every run prints. */
  static RunOptions quiet(ConfigOptions config) {
    RunOptions options = new RunOptions();
    options.machine = MachineOptions.quiet(config);
    return options;
  }

  MachineOptions machine() {
    return machine;
  }

  @Nullable String board() {
    return board;
  }

  @Nullable Path screenshot() {
    return screenshot;
  }

  boolean wantsAnswer() {
    return answer;
  }

  /** Has the page show the run of the lesson {@code question} beside that of its answer. */
  RunOptions answering(Scenario question) {
    asked = question;
    return this;
  }

  /**
   * Opens the page for a browser, if one is wanted.
   *
   * @throws BadInputException if it cannot be written
   */
  PageFile openPage() throws BadInputException {
    return report == null ? PageFile.none() : PageFile.open(report, asked);
  }

  /** Names the wanted file that can tell of one board only; null if none is. */
  @Nullable String fileOfOneBoard() {
    if (machine.wantsTrace()) {
      return "trace";
    }
    if (screenshot != null) {
      return "screenshot";
    }
    return report == null ? null : "page";
  }

  boolean wantsJson() {
    return json;
  }

  /** Returns whether an option is given that only scenario files know. */
  boolean isForScenarioFiles() {
    return answer || json || moment != null || report != null || screenshot != null;
  }

  boolean wantsAll() {
    return full;
  }

  /** The files to print at the end. */
  ImmutableList<String> pathsAtEnd() {
    return moment == null ? ImmutableList.copyOf(paths) : ImmutableList.of();
  }

  /** Returns the scenario on the board that the options name, or as it is. */
  Scenario over(Scenario scenario) {
    return board == null
        ? scenario
        : scenario.on(new Scenario.Setting(scenario.board().place(), board));
  }

  /**
   * Returns the probes with one that looks at the files at their moment.
   *
   * @throws BadInputException if there is no such moment
   */
  Probes with(Probes probes, Scenario scenario) throws BadInputException {
    if (moment == null) {
      return probes;
    }
    if (paths.isEmpty()) {
      throw new BadInputException(
          "--cat-at says when, and nothing says what", "name a file: --cat /proc");
    }
    return probes.with(new FileLook(Moment.parse(moment, scenario), paths));
  }
}
