package org.smmulator.machine.input;

/** Something a user asked for that cannot be: what is wrong, and the cure. */
public final class BadInputException extends Exception {
  private final String cure;

  public BadInputException(String problem, String cure) {
    super(problem, null, false, false);
    this.cure = cure;
  }

  public String cure() {
    return cure;
  }

  /** Both for people: the problem, and the cure on a second line. */
  public String report() {
    return getMessage() + "\n  " + cure;
  }
}
