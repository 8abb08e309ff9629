package org.smmulator.script;

import org.jspecify.annotations.Nullable;

/** Hears what a scenario's processes do. Called between their steps; it must not wait. */
public interface RunListener {
  /** A process is about to do a step. */
  default void stepBegins(Step step) {}

  /**
   * A step has ended as the scenario says.
   *
   * @param result of the kind that the step yields; null if it yields nothing or failed as expected
   */
  default void stepDone(String process, int pid, Step step, @Nullable Object result) {}

  /**
   * A process has died of a signal; its memory and files are gone.
   *
   * @param signal its name
   * @param reached the step that it was in; null if it had done all
   */
  default void processDied(String process, int pid, String signal, @Nullable Step reached) {}

  /** All steps of a process are done; its memory and files are still there. */
  default void processEnding(String process, int pid) {}
}
