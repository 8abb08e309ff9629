package org.smmulator.machine.input;

/** A request of a user that cannot be met: the problem and the cure. */
public final class BadInputException extends Exception {
  private final String cure;

  public BadInputException(String problem, String cure) {
    super(problem, null, false, false);
    this.cure = cure;
  }

  public String cure() {
    return cure;
  }

  /** Prints the problem, and the cure on a second line. */
  public String report() {
    return getMessage() + "\n  " + cure;
  }
}
