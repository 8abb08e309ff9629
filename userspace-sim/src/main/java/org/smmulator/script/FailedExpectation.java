package org.smmulator.script;

/** Carries what was expected, and what was found, to whoever runs the step. */
final class FailedExpectation extends Exception {
  private final String expected;
  private final String actual;

  FailedExpectation(String expected, String actual) {
    super(null, null, false, false);
    this.expected = expected;
    this.actual = actual;
  }

  String expected() {
    return expected;
  }

  String actual() {
    return actual;
  }
}
