package org.smmulator.cli;

import org.smmulator.machine.input.BadInputException;
import org.smmulator.script.ScenarioException;

/** One run of one test, whichever language it is written in. */
interface ReportedRun {
  /**
   * Runs it; returns an {@link ExitCode}.
   *
   * @throws BadInputException if its machine cannot be built
   * @throws ScenarioException the same, with the place
   * @throws org.smmulator.kernel.task.MachineStopped if the machine panics, deadlocks or breaks
   */
  int run() throws BadInputException, ScenarioException;

  /** Why it failed, in a line, if an expectation of its own was not met; else empty. */
  String reason();

  /** When it ended, in virtual time. */
  long endedNs();
}
