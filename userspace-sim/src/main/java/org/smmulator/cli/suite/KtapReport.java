package org.smmulator.cli.suite;

import com.google.common.collect.EnumMultiset;
import com.google.common.collect.Multiset;
import java.io.PrintWriter;
import org.smmulator.cli.suite.TestResult.Verdict;

/**
 * Prints a suite as the kernel's own tests print theirs. Kernel: {@code
 * Documentation/dev-tools/ktap.rst}; the words for failures that are known, and the line of sums,
 * are those of {@code tools/testing/selftests/kselftest.h}.
 */
final class KtapReport {
  private static final String VERSION = "KTAP version 1";

  private final PrintWriter out;
  private final Multiset<Verdict> verdicts = EnumMultiset.create(Verdict.class);

  KtapReport(PrintWriter out) {
    this.out = out;
  }

  void begin(int tests) {
    out.println(VERSION);
    out.println("1.." + tests);
    out.flush();
  }

  void add(TestResult result) {
    verdicts.add(result.verdict());
    printAttempts(result);
    Attempt worst = result.worst();
    if (worst != null && !result.verdict().isFine()) {
      worst.log().forEach(this::printComment);
    }
    String verdict = result.verdict().isFine() ? "ok" : "not ok";
    out.println(line(verdict, verdicts.size(), result.test().name(), ending(result)));
    out.flush();
  }

  void printComment(String line) {
    out.println("# " + line);
  }

  /** The runs of a test that is repeated are its subtests. */
  private void printAttempts(TestResult result) {
    if (result.attempts().stream().allMatch(attempt -> attempt.seed() == null)) {
      return;
    }
    out.println("  " + VERSION);
    out.println("  1.." + result.attempts().size());
    int number = 0;
    for (Attempt attempt : result.attempts()) {
      number++;
      String verdict = attempt.status() == Status.PASS ? "  ok" : "  not ok";
      out.println(line(verdict, number, "seed-" + attempt.seed(), ending(attempt)));
    }
  }

  /** A name ends where a directive begins, and a line at its end. */
  private static String line(String result, int number, String name, String ending) {
    String line =
        "%s %d %s".formatted(result, number, name.replace('#', '_').replaceAll("\\p{Cntrl}", "_"));
    return ending.isEmpty() ? line : line + " # " + ending;
  }

  private static String ending(TestResult result) {
    Attempt worst = result.worst();
    return switch (result.verdict()) {
      case PASS -> "";
      case SKIP -> "SKIP " + result.why();
      case EXPECTED_FAIL, FLAKE -> "XFAIL " + result.why();
      case UNEXPECTED_IMPROVEMENT -> result.why();
      case FAIL, ERROR -> worst == null ? "" : directive(worst) + firstLine(result.why());
    };
  }

  private static String ending(Attempt attempt) {
    return attempt.status() == Status.PASS ? "" : directive(attempt) + firstLine(attempt.reason());
  }

  private static String directive(Attempt attempt) {
    return switch (attempt.status()) {
      case PASS, FAIL -> "";
      case TIMEOUT -> "TIMEOUT ";
      case CRASH, ERROR -> "ERROR ";
    };
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  void end() {
    printComment(
        "Totals: pass:%d fail:%d xfail:%d xpass:%d skip:%d error:%d"
            .formatted(
                verdicts.count(Verdict.PASS),
                verdicts.count(Verdict.FAIL),
                verdicts.count(Verdict.EXPECTED_FAIL) + verdicts.count(Verdict.FLAKE),
                verdicts.count(Verdict.UNEXPECTED_IMPROVEMENT),
                verdicts.count(Verdict.SKIP),
                verdicts.count(Verdict.ERROR)));
    out.flush();
  }
}
