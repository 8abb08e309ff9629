package org.smmulator.report;

/**
 * How a report is printed.
 *
 * @param full whether nothing is folded, left out or cut
 * @param colours whether whoever reads it sees colours
 * @param columns of the terminal, at which lines are wrapped; 0 if they are not
 */
public record Style(boolean full, boolean colours, int columns) {
  private static final String RESET = "\033[0m";

  /** As a file gets it. */
  public static final Style PLAIN = new Style(false, false, 0);

  /** The parts of a report that have a colour. */
  public enum Colour {
    GOOD("\033[32m"),
    BAD("\033[31m"),
    NOTABLE("\033[33m");

    private final String begins;

    Colour(String begins) {
      this.begins = begins;
    }
  }

  /** Returns {@code text} in a colour, if colours are seen. */
  public String in(Colour colour, String text) {
    return colours ? colour.begins + text + RESET : text;
  }
}
