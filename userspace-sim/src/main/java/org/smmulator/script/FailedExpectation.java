package org.smmulator.script;

/** An expectation that does not hold: what was expected, and what was found. */
public final class FailedExpectation extends Exception {
  private final String expected;
  private final String actual;

  public FailedExpectation(String expected, String actual) {
    super(null, null, false, false);
    this.expected = expected;
    this.actual = actual;
  }

  /**
   * Does nothing if {@code met}.
   *
   * @throws FailedExpectation if not
   */
  public static void unless(boolean met, String expected, String actual) throws FailedExpectation {
    if (!met) {
      throw new FailedExpectation(expected, actual);
    }
  }

  String expected() {
    return expected;
  }

  String actual() {
    return actual;
  }
}
