package org.smmulator.report.explain;

import java.util.List;
import java.util.function.Consumer;
import org.smmulator.machine.input.BadInputException;

/** Reads one kind of values. */
@FunctionalInterface
public interface Explainer {
  /**
   * Tells {@code listener} what {@code values} mean, each meaning in one line or several.
   *
   * @throws BadInputException if a value means nothing; what those before it mean has been told
   */
  void explain(List<String> values, Consumer<String> listener) throws BadInputException;
}
