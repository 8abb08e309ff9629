package org.smmulator.script;

/** Finds the results that names stand for. */
public interface Lookup {
  /**
   * Finds the result that {@code ref} stands for.
   *
   * @throws FailedExpectation if the process that should have made it has ended without it
   */
  <T> T find(Ref<T> ref) throws FailedExpectation;
}
