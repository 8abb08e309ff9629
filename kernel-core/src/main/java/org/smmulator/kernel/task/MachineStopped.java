package org.smmulator.kernel.task;

import org.jspecify.annotations.Nullable;

/**
 * The machine has stopped for good; what was running will not go on.
 *
 * <p>Thrown to whoever drives the machine from outside. {@link #report} is for people.
 */
public final class MachineStopped extends RuntimeException {
  /** Why. */
  public enum Reason {
    /** Every waiter is blocked and nothing is going to happen. */
    DEADLOCK,
    /** The simulated kernel gave up, as {@code panic()} does. */
    PANIC,
    /** An invariant of the simulator itself is broken. */
    BUG,
    /** The thread that runs the machine was interrupted: whoever waits for it wants no more. */
    INTERRUPTED
  }

  private final Reason reason;
  private final String report;

  MachineStopped(Reason reason, String report, @Nullable Throwable cause) {
    super(report.lines().findFirst().orElse(reason.toString()), cause);
    this.reason = reason;
    this.report = report;
  }

  public Reason reason() {
    return reason;
  }

  /** The whole report, several lines. */
  public String report() {
    return report;
  }
}
