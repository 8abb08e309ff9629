package org.smmulator.cli.suite;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A test that was run, and what the lists say about it.
 *
 * @param attempts its runs; none if it was skipped
 * @param why one line, for a verdict other than {@link Verdict#PASS}
 */
record TestResult(SuiteTest test, ImmutableList<Attempt> attempts, Verdict verdict, String why) {
  /** The judgement of a test. */
  enum Verdict {
    PASS,
    FAIL,
    EXPECTED_FAIL,
    UNEXPECTED_IMPROVEMENT,
    FLAKE,
    SKIP,
    ERROR;

    /** Returns whether a suite with such a test is as it should be. */
    boolean isFine() {
      return switch (this) {
        case PASS, EXPECTED_FAIL, FLAKE, SKIP -> true;
        case FAIL, UNEXPECTED_IMPROVEMENT, ERROR -> false;
      };
    }
  }

  static TestResult skipped(SuiteTest test, ExpectedResults.Entry entry) {
    return new TestResult(test, ImmutableList.of(), Verdict.SKIP, entry.words());
  }

  static TestResult of(SuiteTest test, ImmutableList<Attempt> attempts, ExpectedResults expected) {
    Status worst = worstOf(attempts).status();
    ExpectedResults.Entry flake = expected.flakeOf(test.name());
    ExpectedResults.KnownFailure known = expected.failureOf(test.name());
    if (worst == Status.ERROR) {
      return new TestResult(test, attempts, Verdict.ERROR, reasonOf(attempts));
    }
    if (flake != null && worst != Status.PASS) {
      return new TestResult(test, attempts, Verdict.FLAKE, "flake: " + flake.words());
    }
    if (known != null) {
      String listed = "%s says %s".formatted(known.entry().words(), known.status().word());
      return new TestResult(
          test, attempts, against(worst, known.status()), worst.word() + ", and " + listed);
    }
    Verdict verdict = worst == Status.PASS ? Verdict.PASS : Verdict.FAIL;
    return new TestResult(test, attempts, verdict, reasonOf(attempts));
  }

  private static Verdict against(Status found, Status known) {
    int order = found.compareTo(known);
    if (order == 0) {
      return Verdict.EXPECTED_FAIL;
    }
    return order < 0 ? Verdict.UNEXPECTED_IMPROVEMENT : Verdict.FAIL;
  }

  /** The worst of its runs, the first if there are several; null if it was skipped. */
  @Nullable Attempt worst() {
    return attempts.isEmpty() ? null : worstOf(attempts);
  }

  private static Attempt worstOf(ImmutableList<Attempt> attempts) {
    return attempts.stream()
        .max(Comparator.comparing(Attempt::status).thenComparingInt(a -> -attempts.indexOf(a)))
        .orElseThrow();
  }

  private static String reasonOf(ImmutableList<Attempt> attempts) {
    String reason = worstOf(attempts).reason();
    ImmutableList<Long> seeds =
        attempts.stream()
            .filter(attempt -> attempt.status() != Status.PASS && attempt.seed() != null)
            .map(Attempt::seed)
            .collect(toImmutableList());
    return seeds.isEmpty()
        ? reason
        : "%d of %d seeds, first %d: %s"
            .formatted(seeds.size(), attempts.size(), seeds.getFirst(), reason);
  }
}
