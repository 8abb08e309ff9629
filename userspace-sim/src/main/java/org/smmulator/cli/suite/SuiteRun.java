package org.smmulator.cli.suite;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import org.smmulator.machine.input.BadInputException;

/** A suite that runs: test after test, judged by what is expected of it. */
public final class SuiteRun {
  /** Runs a test, once or with several seeds. */
  @FunctionalInterface
  public interface Bench {
    /**
     * Returns its runs.
     *
     * @param number of the test in its suite, from 0 on
     */
    ImmutableList<Attempt> run(SuiteTest test, int number);
  }

  /** Told before each test, by its number from 1 on. */
  @FunctionalInterface
  public interface Progress {
    void begins(SuiteTest test, int number, int tests);
  }

  private final ImmutableList<SuiteTest> tests;
  private final ExpectedResults expected;

  public SuiteRun(ImmutableList<SuiteTest> tests, ExpectedResults expected) {
    this.tests = tests;
    this.expected = expected;
  }

  /**
   * Runs all tests but those that are skipped.
   *
   * @return whether all came out as they should
   * @throws BadInputException if the results cannot be written
   */
  public boolean run(Bench bench, Progress progress, JunitReport junit, PrintWriter out)
      throws BadInputException {
    KtapReport ktap = new KtapReport(out);
    ktap.begin(tests.size());
    boolean fine = true;
    for (int i = 0; i < tests.size(); i++) {
      progress.begins(tests.get(i), i + 1, tests.size());
      TestResult result = result(tests.get(i), i, bench);
      fine &= result.verdict().isFine();
      ktap.add(result);
      junit.add(result);
    }
    for (ExpectedResults.Entry entry : expected.failuresOfNone(tests)) {
      ktap.printComment("%s names no test: %s".formatted(entry.place(), entry.text()));
    }
    ktap.end();
    junit.end();
    return fine;
  }

  /** Runs those tests that are a worker's, and prints a line for each. */
  public void work(Bench bench, int worker, int workers, PrintWriter out) {
    for (int i = worker; i < tests.size(); i += workers) {
      if (expected.skipOf(tests.get(i).name()) == null) {
        out.println(Workers.line(bench.run(tests.get(i), i)));
        out.flush();
      }
    }
  }

  private TestResult result(SuiteTest test, int number, Bench bench) {
    ExpectedResults.Entry skip = expected.skipOf(test.name());
    return skip == null
        ? TestResult.of(test, bench.run(test, number), expected)
        : TestResult.skipped(test, skip);
  }
}
