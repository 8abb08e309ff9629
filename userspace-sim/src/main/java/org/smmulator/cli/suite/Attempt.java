package org.smmulator.cli.suite;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a test.
 *
 * @param seed its seed; null if the test runs once, with whatever seed the scenario has
 * @param reason why it did not pass, in a line; empty if it did
 * @param log the end of what it printed, if it did not pass
 * @param timeNs how long it took in virtual time
 */
public record Attempt(
    @Nullable Long seed, Status status, String reason, List<String> log, long timeNs) {
  public Attempt {
    log = List.copyOf(log);
  }

  /** A test that cannot be run. */
  public static Attempt unusable(String problem) {
    return new Attempt(null, Status.ERROR, problem, List.of(), 0);
  }
}
