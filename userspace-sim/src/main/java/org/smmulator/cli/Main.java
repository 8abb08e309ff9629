package org.smmulator.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.common.base.Throwables;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;
import org.smmulator.machine.input.UserFiles;
import org.smmulator.script.ScenarioException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of the program. */
public final class Main {
  private static final String READER_IS_GONE = "Broken pipe";

  /** Picocli takes no less. */
  private static final int NARROWEST_HELP = 55;

  private Main() {}

  public static void main(String[] args) {
    PrintWriter err = new PrintWriter(System.err, false, UTF_8);
    int code = run(new StandardOutput(), err, args);
    err.flush();
    System.exit(code);
  }

  /**
   * Runs the command that {@code args} name; one that succeeds has failed if its output is lost. A
   * reader that goes, as {@code head} does, has read what it wanted: that is no error.
   */
  static int run(StandardOutput output, PrintWriter err, String... args) {
    PrintWriter out = new PrintWriter(new BufferedOutputStream(output), false, UTF_8);
    int code = run(out, err, args);
    out.flush();
    IOException lost = output.error();
    if (lost == null || code != ExitCode.OK) {
      return code;
    }
    String reason = UserFiles.reason(lost);
    if (reason.equals(READER_IS_GONE)) {
      return code;
    }
    err.println("smmulator: the output cannot be written: " + reason);
    return ExitCode.BAD_INPUT;
  }

  /**
   * Runs the command that {@code args} name.
   *
   * @return one of {@link ExitCode}
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine commandLine = new CommandLine(new SmmulatorCommand(out));
    commandLine.setOut(out).setErr(err);
    Terminal terminal = Terminal.ofHost();
    commandLine.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            terminal.hasColours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    if (terminal.columns() > 0) {
      commandLine.setUsageHelpWidth(Math.max(terminal.columns(), NARROWEST_HELP));
    }
    CommandLine explain = requireNonNull(commandLine.getSubcommands().get("explain"));
    explain.setUnmatchedOptionsArePositionalParams(true); // an errno may be written -22
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

  /** Says what ended the program, and returns one of {@link ExitCode}. */
  static int failed(Exception e, PrintWriter err) {
    return switch (e) {
      case BadInputException bad -> badInput(bad.report(), err);
      case ScenarioException bad -> badInput(bad.report(), err);
      case MachineStopped stopped -> stopped(stopped, err);
      default -> bug(e, err);
    };
  }

  /** Says that the simulator is to blame, or the host; returns one of {@link ExitCode}. */
  static int bug(Throwable bug, PrintWriter err) {
    if (isLostMemory(bug)) {
      return badInput(
          "the host has no room left for the memory of the machine\n"
              + "  free some where it lies, in /dev/shm or -Djava.io.tmpdir",
          err);
    }
    bug.printStackTrace(err);
    err.println("smmulator: not ok: this is a bug of the simulator, not of your input");
    return ExitCode.BUG;
  }

  /**
   * Says whether the JVM could not touch a page of a mapped file: somebody else has taken the room
   * that was there when the machine booted.
   */
  private static boolean isLostMemory(Throwable bug) {
    return Throwables.getCausalChain(bug).stream().anyMatch(InternalError.class::isInstance);
  }

  private static int stopped(MachineStopped stopped, PrintWriter err) {
    if (!isLostMemory(stopped)) {
      err.println(stopped.report());
    }
    if (stopped.reason() == MachineStopped.Reason.BUG) {
      return bug(stopped, err);
    }
    err.println(
        "smmulator: not ok: the machine stopped, a "
            + stopped.reason().toString().toLowerCase(Locale.ROOT));
    return ExitCode.MACHINE_STOPPED;
  }

  private static int badInput(String report, PrintWriter err) {
    err.println("smmulator: " + report);
    return ExitCode.BAD_INPUT;
  }
}
