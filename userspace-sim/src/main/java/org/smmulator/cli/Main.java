package org.smmulator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.script.ScenarioException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of the program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, false, UTF_8);
    PrintWriter err = new PrintWriter(System.err, false, UTF_8);
    int code = run(out, err, args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /**
   * Runs the command that {@code args} name.
   *
   * @return one of {@link ExitCode}
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commandLine = new CommandLine(new SmmulatorCommand(out));
    commandLine.setOut(out).setErr(err);
    commandLine.setParameterExceptionHandler((e, _) -> badArguments(e, err));
    commandLine.setExecutionExceptionHandler((e, _, _) -> failed(e, err));
    try {
      return commandLine.execute(args);
    } catch (Error bug) {
      return bug(bug, err); // picocli hands over exceptions only
    }
  }

  private static int badArguments(ParameterException e, PrintWriter err) {
    CommandLine where = e.getCommandLine();
    err.println("smmulator: " + e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().get(0);
      String near = Nearest.to(word, known(where, word));
      if (near != null) {
        err.println("  did you mean '%s'?".formatted(near));
      }
    }
    err.println("  see: %s --help".formatted(where.getCommandSpec().qualifiedName()));
    return ExitCode.BAD_INPUT;
  }

  private static Iterable<String> known(CommandLine where, String word) {
    return word.startsWith("-")
        ? where.getCommandSpec().optionsMap().keySet()
        : where.getSubcommands().keySet();
  }

  private static int failed(Exception e, PrintWriter err) {
    return switch (e) {
      case BadInputException bad -> badInput(bad.report(), err);
      case ScenarioException bad -> badInput(bad.report(), err);
      case MachineStopped stopped -> stopped(stopped, err);
      default -> bug(e, err);
    };
  }

  private static int bug(Throwable bug, PrintWriter err) {
    err.println("smmulator: this is a bug of the simulator, not of your input:");
    bug.printStackTrace(err);
    return ExitCode.BUG;
  }

  private static int stopped(MachineStopped stopped, PrintWriter err) {
    err.println(stopped.report());
    if (stopped.reason() != MachineStopped.Reason.BUG) {
      return ExitCode.MACHINE_STOPPED;
    }
    stopped.printStackTrace(err);
    return ExitCode.BUG;
  }

  private static int badInput(String report, PrintWriter err) {
    err.println("smmulator: " + report);
    return ExitCode.BAD_INPUT;
  }
}
