package org.smmulator.cli;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.FailureReport;
import org.smmulator.report.Timeline;
import org.smmulator.report.look.Moment;
import org.smmulator.report.look.WalkAddress;
import org.smmulator.report.look.WalkLook;
import org.smmulator.report.look.WalkLook.Whose;
import org.smmulator.report.look.WalkReport;
import org.smmulator.script.Failure;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioBoard;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioRun;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code smmulator walk}: its options, and the run in which tables are walked at a moment. */
final class WalkCommand {
  @Option(
      names = "--process",
      paramLabel = "NAME",
      required = true,
      description = "The process whose address it is.")
  private String process = "";

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      required = true,
      description = "A number, or a place in what a step has named: canvas+0x10.")
  private String address = "";

  @Option(
      names = "--at",
      paramLabel = "STEP",
      description =
          "When: 3 is after the process's third step, NAME after the step that gives the name;"
              + " OTHER:3 and OTHER.NAME are moments of another process. Without it, at the"
              + " process's end.")
  private @Nullable String at;

  /** Whose tables, if not those of the process's files. */
  static final class Tables {
    @Option(names = "--cpu", description = "Walk the table that the process's CPUs walk.")
    private boolean cpu;

    @Option(
        names = "--device",
        paramLabel = "DEVICE",
        description = "Walk the table of the domain that a device is attached to.")
    private @Nullable String device;

    Whose whose() {
      if (device != null) {
        return new Whose.OfDevice(device);
      }
      return cpu ? new Whose.Cpu() : new Whose.Files();
    }
  }

  @ArgGroup private @Nullable Tables tables;

  @Option(
      names = "--board",
      paramLabel = "BOARD",
      description = "Run on this board, a name or a .dts or .dtb file, not on the scenario's own.")
  private @Nullable String board;

  @Option(
      names = "--json",
      description = "Print the walks as JSON; userspace-sim/docs/walk-json.md.")
  private boolean json;

  @Mixin private ConfigOptions config = new ConfigOptions();

  /** Runs {@code scenario} and prints the walks to {@code out}; returns an {@link ExitCode}. */
  int run(Scenario scenario, PrintWriter out) throws BadInputException, ScenarioException {
    WalkAddress walked = WalkAddress.parse(address);
    Moment moment =
        at == null ? Moment.endOf(process, scenario) : Moment.parse(at, process, scenario);
    Whose whose = tables == null ? new Whose.Files() : tables.whose();
    WalkLook look = new WalkLook(moment, process, walked, whose);
    ScenarioBoard chosen = ScenarioBoard.of(scenario, board);
    KernelConfig settings = config.over(chosen.config());
    try (Machine machine = chosen.machine(settings).boot()) {
      look.tell(machine, new Timeline(machine.scheduler()));
      ScenarioRun run = new ScenarioRun(scenario, machine, look);
      try {
        run.run();
      } catch (MachineStopped e) {
        if (look.hasCome()) {
          print(look, walked, out);
          out.println();
        }
        throw e;
      }
      print(look, walked, out);
      Failure failure = run.failure();
      if (failure != null) {
        FailureReport.print(failure, machine, out);
        return ExitCode.EXPECTATION_FAILED;
      }
    }
    return ExitCode.OK;
  }

  private void print(WalkLook look, WalkAddress walked, PrintWriter out) throws BadInputException {
    ImmutableList<WalkLook.Walked> walks = look.walks();
    WalkReport report = new WalkReport(process, walked, look);
    if (json) {
      out.println(report.json(walks).toPrettyString());
    } else {
      report.print(walks, out, Terminal.ofHost().columns());
    }
  }
}
