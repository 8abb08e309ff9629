package org.smmulator.cli;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.smmulator.cli.suite.Attempt;
import org.smmulator.cli.suite.ExpectedResults;
import org.smmulator.cli.suite.JunitReport;
import org.smmulator.cli.suite.Status;
import org.smmulator.cli.suite.Suite;
import org.smmulator.cli.suite.SuiteRun;
import org.smmulator.cli.suite.SuiteTest;
import org.smmulator.cli.suite.SuiteTest.Subject;
import org.smmulator.cli.suite.Workers;
import org.smmulator.kernel.task.MachineStopped;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.report.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code smmulator test}: its options, and scenarios that run as a suite. */
final class TestCommand {
  private static final int LOG_LINES = 40;
  private static final Pattern SHARD = Pattern.compile("([0-9]{1,4})/([0-9]{1,4})");

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|FILE|NAME",
      description =
          "Folders with .yaml and .java scenarios, files, or names of scenarios that come with it.")
  private List<String> targets = new ArrayList<>();

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the results there too, as JUnit's XML.")
  private @Nullable Path junit;

  @Option(
      names = "--fails",
      paramLabel = "FILE",
      description = "Tests that are known to fail, a line each: NAME,Fail or Timeout or Crash.")
  private List<Path> fails = new ArrayList<>();

  @Option(
      names = "--flakes",
      paramLabel = "FILE",
      description = "Regular expressions of tests that may fail.")
  private List<Path> flakes = new ArrayList<>();

  @Option(
      names = "--skips",
      paramLabel = "FILE",
      description = "Regular expressions of tests that are not run.")
  private List<Path> skips = new ArrayList<>();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Run so many tests side by side, each in a JVM of its own.")
  private int jobs;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = "Run each test with so many seeds, under a random schedule.")
  private @Nullable Integer repeat;

  @Option(
      names = "--seed-from",
      paramLabel = "S",
      defaultValue = "1",
      description = "The first of these seeds; ${DEFAULT-VALUE} if left out.")
  private long seedFrom;

  @Option(names = "--shard", hidden = true)
  private @Nullable String shard;

  @Mixin private final ConfigOptions config = new ConfigOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets it before any method runs
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Runs the suite, and returns an {@link ExitCode}. */
  int run(PrintWriter out) throws BadInputException {
    if (jobs < 1 || (repeat != null && repeat < 1)) {
      throw new ParameterException(spec.commandLine(), "--jobs and --repeat are numbers from 1 on");
    }
    ImmutableList<SuiteTest> tests = Suite.of(targets);
    SuiteRun suite = new SuiteRun(tests, new ExpectedResults(fails, flakes, skips));
    if (shard != null) {
      return work(suite, shard, out);
    }
    try (JunitReport results = new JunitReport(junit)) {
      boolean fine =
          jobs == 1
              ? run(suite, this::attempts, results, out)
              : runSideBySide(suite, tests, results, out);
      return fine ? ExitCode.OK : ExitCode.EXPECTATION_FAILED;
    }
  }

  private boolean runSideBySide(
      SuiteRun suite, ImmutableList<SuiteTest> tests, JunitReport results, PrintWriter out)
      throws BadInputException {
    List<String> arguments = spec.root().commandLine().getParseResult().originalArgs();
    int workers = Math.min(jobs, tests.size());
    try (Workers started = Workers.start(workers, Main.class, arguments)) {
      return run(suite, (_, number) -> started.attemptsOf(number), results, out);
    }
  }

  private boolean run(SuiteRun suite, SuiteRun.Bench bench, JunitReport results, PrintWriter out)
      throws BadInputException {
    PrintWriter err = spec.commandLine().getErr();
    boolean shown = Terminal.ofHost().showsErrors();
    boolean fine =
        suite.run(
            bench,
            (test, number, count) -> {
              if (shown) {
                err.print("\r\033[K[%d/%d] %s\r".formatted(number, count, test.name()));
                err.flush();
              }
            },
            results,
            out);
    if (shown) {
      err.print("\033[K");
    }
    return fine;
  }

  private int work(SuiteRun suite, String which, PrintWriter out) {
    Matcher match = SHARD.matcher(which);
    if (!match.matches() || Integer.parseInt(match.group(2)) == 0) {
      throw new ParameterException(spec.commandLine(), "--shard wants I/N, not '" + which + "'");
    }
    suite.work(
        this::attempts, Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), out);
    return ExitCode.OK;
  }

  // ---- one test

  private ImmutableList<Attempt> attempts(SuiteTest test, int number) {
    return switch (test.subject()) {
      case Subject.Unusable unusable -> ImmutableList.of(Attempt.unusable(unusable.problem()));
      case Subject.OfScenario of ->
          attempts((how, log) ->
              new RunCommand(
                  of.scenario(), RunOptions.quiet(how), Style.PLAIN, PageFile.none(), log));
      case Subject.OfStory of ->
          attempts(
              (how, log) -> new StoryCommand(of.file(), RunOptions.quiet(how), Style.PLAIN, log));
    };
  }

  private ImmutableList<Attempt> attempts(
      BiFunction<ConfigOptions, PrintWriter, ReportedRun> maker) {
    if (repeat == null) {
      return ImmutableList.of(attempt(maker, config, null));
    }
    ImmutableList.Builder<Attempt> attempts = ImmutableList.builder();
    for (long seed = seedFrom; seed < seedFrom + repeat; seed++) {
      attempts.add(attempt(maker, config.seeded(seed), seed));
    }
    return attempts.build();
  }

  private static Attempt attempt(
      BiFunction<ConfigOptions, PrintWriter, ReportedRun> maker,
      ConfigOptions how,
      @Nullable Long seed) {
    StringWriter text = new StringWriter();
    PrintWriter log = new PrintWriter(text);
    ReportedRun run = maker.apply(how, log);
    Status status;
    try {
      status = statusOf(run.run());
    } catch (MachineStopped e) {
      status = statusOf(e.reason());
      var _ = Main.failed(e, log);
    } catch (Exception e) {
      status = statusOf(Main.failed(e, log));
    } catch (AssertionError | StackOverflowError e) { // the suite goes on
      status = statusOf(Main.bug(e, log));
    }
    if (status == Status.PASS) {
      return new Attempt(seed, status, "", ImmutableList.of(), run.endedNs());
    }
    ImmutableList<String> lines = ImmutableList.copyOf(text.toString().lines().toList());
    return new Attempt(
        seed,
        status,
        reasonOf(run, lines),
        lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()),
        run.endedNs());
  }

  private static Status statusOf(int exitCode) {
    return switch (exitCode) {
      case ExitCode.OK -> Status.PASS;
      case ExitCode.EXPECTATION_FAILED -> Status.FAIL;
      case ExitCode.BAD_INPUT -> Status.ERROR;
      default -> Status.CRASH;
    };
  }

  private static Status statusOf(MachineStopped.Reason reason) {
    return switch (reason) {
      case DEADLOCK, INTERRUPTED -> Status.TIMEOUT;
      case PANIC, BUG -> Status.CRASH;
    };
  }

  private static String reasonOf(ReportedRun run, ImmutableList<String> lines) {
    return run.reason().isEmpty() ? requireNonNull(Iterables.getLast(lines, "")) : run.reason();
  }
}
