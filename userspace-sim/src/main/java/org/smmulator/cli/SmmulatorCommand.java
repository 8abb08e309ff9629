package org.smmulator.cli;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.machine.Boards;
import org.smmulator.machine.Machine;
import org.smmulator.machine.config.KernelConfig;
import org.smmulator.machine.config.Switches;
import org.smmulator.machine.config.choice.Switch;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.machine.input.UserFiles;
import org.smmulator.report.BootReport;
import org.smmulator.report.NodeReport;
import org.smmulator.report.Paragraphs;
import org.smmulator.report.TopologyPicture;
import org.smmulator.report.TopologyReport;
import org.smmulator.report.debate.Debate;
import org.smmulator.report.debate.DebateReport;
import org.smmulator.report.debate.Debates;
import org.smmulator.report.exercise.Exercises;
import org.smmulator.report.explain.Explanations;
import org.smmulator.report.explain.Numbers;
import org.smmulator.script.Language;
import org.smmulator.script.Scenario;
import org.smmulator.script.ScenarioException;
import org.smmulator.script.ScenarioSchema;
import org.smmulator.script.Scenarios;
import org.smmulator.story.StoryFile;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smmulator}, one method for each subcommand. */
@Command(
    name = "smmulator",
    description = "A simulated Linux GPU driver stack: boards boot, processes submit.",
    mixinStandardHelpOptions = true,
    versionProvider = SmmulatorCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:as expected",
      "1:an expectation failed",
      "2:bad input",
      "3:a simulated panic or deadlock that nothing expected",
      "70:a bug of the simulator",
    })
final class SmmulatorCommand implements Runnable {
  private final PrintWriter out;

  @SuppressWarnings("NullAway.Init") // picocli sets it before any method runs
  @Spec
  private CommandSpec spec;

  SmmulatorCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "expected a command: " + String.join(", ", spec.subcommands().keySet()));
  }

  @Command(description = "List the boards that can be booted.", mixinStandardHelpOptions = true)
  int boards() throws BadInputException {
    Boards boards = new Boards();
    Paragraphs lines = new Paragraphs(out, Terminal.ofHost().columns());
    for (String name : boards.names()) {
      lines.print(0, "%-10s %s".formatted(name, boards.load(name).model()));
    }
    return ExitCode.OK;
  }

  @Command(
      description = "List the scenarios that come with the program.",
      mixinStandardHelpOptions = true)
  int scenarios(
      @Option(names = "--names", description = "Only the names, one a line.") boolean namesOnly)
      throws BadInputException, ScenarioException {
    Scenarios scenarios = new Scenarios();
    if (namesOnly) {
      scenarios.names().forEach(out::println);
    } else {
      Gallery.of(scenarios, new Debates()).print(out, Terminal.ofHost().columns());
    }
    return ExitCode.OK;
  }

  @Command(
      description =
          "List what --set and a scenario's 'set' can decide: all values, and who proposed each.",
      mixinStandardHelpOptions = true)
  int switches(
      @Parameters(paramLabel = "KEY", arity = "0..1", description = "One switch alone.")
          @Nullable String key) {
    if (key != null && !Switches.all().containsKey(key)) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no switch '%s'\n  %s"
              .formatted(key, Nearest.cure(key, Switches.all().keySet())));
    }
    Paragraphs lines = new Paragraphs(out, Terminal.ofHost().columns());
    for (Switch<?> each : Switches.all().values()) {
      if (key == null || key.equals(each.key())) {
        print(each, lines);
      }
    }
    return ExitCode.OK;
  }

  private static void print(Switch<?> each, Paragraphs lines) {
    lines.print(0, "%-24s %-16s of %s".formatted(each.key(), each.absentWord(), each.values()));
    lines.print(4, each.sentence());
    each.told()
        .forEach((word, told) ->
            lines.print(6, "%-20s %s".formatted(word, told.meaning() + " (" + told.by() + ")")));
  }

  @Command(
      description = "List what a scenario can say, or explain some of it.",
      mixinStandardHelpOptions = true)
  int steps(
      @Parameters(
              paramLabel = "NAME",
              arity = "0..*",
              description =
                  "A step, an expectation, a key of the file, a part of a step such as mem_write,"
                      + " or a vocabulary such as msm.")
          @Nullable List<String> names,
      @Option(names = "--all", description = "Explain all of them.") boolean all) {
    LanguageReport report =
        new LanguageReport(Language.installed(), out, Terminal.ofHost().columns());
    if (all) {
      report.printPages();
    } else if (names == null) {
      report.printAll();
    } else {
      names.forEach(name -> checkKnown(name, report.words()));
      names.forEach(report::print);
    }
    return ExitCode.OK;
  }

  private void checkKnown(String name, ImmutableSet<String> known) {
    if (!known.contains(name)) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no step or expectation '%s'\n  %s\n  all of them: smmulator steps"
              .formatted(name, Nearest.cure(name, known)));
    }
  }

  @Command(
      description = {
        "Print the JSON Schema of scenario files, draft 2020-12.",
        "In a file: # yaml-language-server: $schema=scenario.schema.json",
      },
      mixinStandardHelpOptions = true)
  int schema() {
    out.println(ScenarioSchema.of(Language.installed()).toPrettyString());
    return ExitCode.OK;
  }

  @Command(
      description = "Boot a board; print the kernel's log and the tree of devices.",
      mixinStandardHelpOptions = true)
  int boot(
      @Parameters(
              paramLabel = "BOARD",
              description = "A board's name, a .dts or .dtb file, or - for standard input.")
          String board,
      @Option(
              names = "--cat",
              paramLabel = "PATH",
              description = "Print a file or directory of the booted machine too; may be repeated.")
          @Nullable List<String> paths,
      @Mixin MachineOptions options)
      throws BadInputException {
    return boot(
        board,
        options,
        machine -> {
          BootReport report = new BootReport(machine, out, Terminal.ofHost().columns());
          report.printLog();
          out.println();
          report.printTree();
          out.println();
          report.printGroups();
          for (String path : paths == null ? List.<String>of() : paths) {
            out.println();
            out.println(path);
            new NodeReport(machine, out).print(path);
          }
        });
  }

  @Command(
      description = "Boot a board; print each master with its streams, IOMMU, group and domains.",
      mixinStandardHelpOptions = true)
  int topology(
      @Parameters(
              paramLabel = "BOARD",
              description = "A board's name, a .dts or .dtb file, or - for standard input.")
          String board,
      @Option(
              names = "--svg",
              paramLabel = "FILE",
              description = "Draw a picture too: masters in their groups, domains, banks.")
          @Nullable Path svg,
      @Mixin MachineOptions options)
      throws BadInputException {
    return boot(
        board,
        options,
        machine -> {
          if (options.wantsDmesg()) {
            new BootReport(machine, out).printLog();
            out.println();
          }
          new TopologyReport(machine, out, Terminal.ofHost().columns()).print();
          if (svg != null) {
            write(svg, new TopologyPicture(machine).svg());
          }
        });
  }

  private static void write(Path file, String picture) throws BadInputException {
    try {
      Files.writeString(file, picture);
    } catch (IOException e) {
      throw UserFiles.unwritable("the picture", file, e);
    }
  }

  /** Something to print of a machine that has booted. */
  @FunctionalInterface
  private interface Tale {
    void print(Machine machine) throws BadInputException;
  }

  @SuppressWarnings("try") // the trace ends before the machine does
  private static int boot(String board, MachineOptions options, Tale tale)
      throws BadInputException {
    KernelConfig config = options.over(KernelConfig.defaults());
    DeviceTree tree = new Boards().load(board);
    try (TraceFile trace = options.openTrace();
        Machine machine = trace.into(Machine.on(tree).config(config)).boot()) {
      tale.print(machine);
      trace.close();
    }
    return ExitCode.OK;
  }

  @Command(
      description = {
        "Make homework from a seed: walk, tlb, fault, groups, iova or races.",
        "The same seed makes the same sheet; -c answers it, by the models themselves."
      },
      mixinStandardHelpOptions = true)
  int exercise(
      @Parameters(paramLabel = "KIND", description = "walk, tlb, fault, groups, iova or races.")
          String kind,
      @Option(
              names = "--seed",
              paramLabel = "N",
              defaultValue = "0",
              description = "Of the numbers.")
          String seed,
      @Option(
              names = {"-c", "--compute"},
              description = "Answer each question.")
          boolean answers)
      throws BadInputException, ScenarioException {
    new Exercises(out, Terminal.ofHost().columns()).print(kind, Numbers.word64(seed), answers);
    return ExitCode.OK;
  }

  @Command(
      description = {
        "Say what a number means.",
        "errno (also of a call: EINVAL msm submit), ioctl; fsr, fsynr0, fsynr1 of an SMMUv2; event"
            + " (four words), command (two) of an SMMUv3; pm4; LEVEL:ENTRY of a table: lpae,"
            + " lpae-s2, v7s, exynos, exynos-v5."
      },
      mixinStandardHelpOptions = true)
  int explain(
      @Parameters(index = "0", paramLabel = "WHAT", description = "One of the kinds above.")
          String what,
      @Parameters(
              index = "1..*",
              arity = "1..*",
              paramLabel = "VALUE",
              description = "A number, decimal or 0x; an errno's name; LEVEL:ENTRY of a pagetable.")
          List<String> values)
      throws BadInputException {
    Paragraphs lines = new Paragraphs(out, Terminal.ofHost().columns());
    new Explanations().explain(what, values, line -> lines.print(0, line));
    return ExitCode.OK;
  }

  @Command(description = "Run a scenario and tell what happened.", mixinStandardHelpOptions = true)
  int run(
      @Parameters(
              paramLabel = "NAME|FILE",
              description = "A scenario's name, or a .yaml or .java file.")
          String scenario,
      @Mixin RunOptions options)
      throws BadInputException, ScenarioException {
    if (StoryFile.isNamed(scenario)) {
      return StoryCommand.run(scenario, options, out);
    }
    Scenarios scenarios = new Scenarios();
    Scenario given = scenarios.load(scenario);
    return options.wantsAnswer()
        ? RunCommand.onEachBoard(answer(given, scenarios), options.answering(given), out)
        : RunCommand.onEachBoard(given, options, out);
  }

  private Scenario answer(Scenario asked, Scenarios scenarios)
      throws BadInputException, ScenarioException {
    return Gallery.answer(asked, scenarios, out, Terminal.ofHost().columns());
  }

  @Command(
      description = {
        "Walk a pagetable step by step, at a moment of a scenario.",
        "Each line: the bits of the address that choose an entry, the entry, and what it says."
      },
      mixinStandardHelpOptions = true)
  int walk(
      @Parameters(paramLabel = "NAME|FILE", description = "A scenario's name, or a .yaml file.")
          String scenario,
      @Mixin WalkCommand command)
      throws BadInputException, ScenarioException {
    return command.run(new Scenarios().load(scenario), out);
  }

  @Command(
      description = "Run both sides of an argument and tell them; list the arguments.",
      mixinStandardHelpOptions = true)
  int debate(
      @Parameters(paramLabel = "NAME", arity = "0..1", description = "An argument.")
          @Nullable String name,
      @Option(
              names = "--report",
              paramLabel = "FILE.html",
              description = "Write a page for a browser, with the sides beside each other.")
          @Nullable Path page)
      throws BadInputException, ScenarioException {
    Debates debates = new Debates();
    DebateReport report = new DebateReport(out, Terminal.ofHost().columns(), page != null);
    if (name == null) {
      if (page != null) {
        throw new BadInputException(
            "a page is of one argument", "name it: smmulator debate NAME --report " + page);
      }
      report.printList(debates);
      return ExitCode.OK;
    }
    Debate debate = debates.load(name);
    if (page != null) {
      PageFile.claim(page);
    }
    boolean asTold = report.print(name, debate);
    if (page != null) {
      PageFile.write(page, report.page(debate));
    }
    return asTold ? ExitCode.OK : ExitCode.EXPECTATION_FAILED;
  }

  @Command(
      description = {
        "Run scenarios as a test suite; print KTAP.",
        "A test is known by its file's path in the folder, without .yaml; on one of several boards"
            + " by NAME@BOARD."
      },
      mixinStandardHelpOptions = true)
  int test(@Mixin TestCommand command) throws BadInputException {
    return command.run(out);
  }

  @Command(
      description = {
        "Print completion of words for bash and zsh.",
        "In a shell: source <(./smmulator completion)"
      },
      mixinStandardHelpOptions = true)
  int completion() {
    out.print(AutoComplete.bash(spec.name(), spec.commandLine()));
    return ExitCode.OK;
  }

  @Command(
      description = {
        "Print the manual page of the program, for man(1).",
        "To read it: ./smmulator man | man -l -"
      },
      mixinStandardHelpOptions = true)
  int man() {
    new ManPage(spec.commandLine(), out).print(new Version().getVersion()[0]);
    return ExitCode.OK;
  }

  /** Says which version this is, as the jar's manifest has it. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = SmmulatorCommand.class.getPackage().getImplementationVersion();
      return new String[] {"smmulator " + (version == null ? "(not packaged)" : version)};
    }
  }
}
