package org.smmulator.cli.suite;

/** The ways in which a run of a scenario ends, the better ones first. */
public enum Status {
  /** Everything was as expected. */
  PASS("Pass"),

  /** An expectation was not met. */
  FAIL("Fail"),

  /** The machine made no progress any more. */
  TIMEOUT("Timeout"),

  /** The machine panicked, leaked memory, or showed a bug of the simulator. */
  CRASH("Crash"),

  /** The file cannot be run. */
  ERROR("Error");

  private final String word;

  Status(String word) {
    this.word = word;
  }

  /** Its word in a list of expected failures. */
  public String word() {
    return word;
  }
}
