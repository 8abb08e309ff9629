package org.smmulator.kernel.task;

/** How a wait ended. */
public enum WaitResult {
  /** The condition holds. */
  DONE,
  /** The deadline came first. */
  TIMED_OUT,
  /** A fatal signal came first; only an interruptible wait ends so. */
  INTERRUPTED
}
