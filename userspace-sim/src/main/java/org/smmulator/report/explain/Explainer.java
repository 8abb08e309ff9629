package org.smmulator.report.explain;

import org.smmulator.machine.input.BadInputException;

/** Reads one kind of number. */
@FunctionalInterface
public interface Explainer {
  /**
   * Says what {@code value} means, in one line or several.
   *
   * @throws BadInputException if it means nothing
   */
  String explain(String value) throws BadInputException;
}
