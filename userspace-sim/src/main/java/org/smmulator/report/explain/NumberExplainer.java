package org.smmulator.report.explain;

import java.util.List;
import java.util.function.Consumer;
import org.smmulator.machine.input.BadInputException;

/** Reads one kind of number, each for itself. */
public interface NumberExplainer extends Explainer {
  /**
   * Says what {@code value} means, in one line or several.
   *
   * @throws BadInputException if it means nothing
   */
  String explain(String value) throws BadInputException;

  @Override
  default void explain(List<String> values, Consumer<String> listener) throws BadInputException {
    for (String value : values) {
      listener.accept(explain(value));
    }
  }
}
