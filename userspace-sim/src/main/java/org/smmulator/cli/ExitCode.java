package org.smmulator.cli;

/** The exit codes of the program, which are part of its interface. */
public final class ExitCode {
  /** Everything went as expected. */
  public static final int OK = 0;

  /** An expectation of a scenario failed. */
  public static final int EXPECTATION_FAILED = 1;

  /** The user's input cannot be used. */
  public static final int BAD_INPUT = 2;

  /** The simulated kernel panicked or deadlocked, and nothing expected it. */
  public static final int MACHINE_STOPPED = 3;

  /** A bug of the simulator. */
  public static final int BUG = 70;

  private ExitCode() {}
}
