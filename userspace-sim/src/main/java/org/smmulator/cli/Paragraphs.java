package org.smmulator.cli;

import java.io.PrintWriter;

/**
 * Prints lines that are wrapped between words where a terminal would wrap them anywhere; what is
 * wrapped stands below the last column of its own line, or four characters in.
 */
final class Paragraphs {
  private static final int NARROWEST = 20;

  private final PrintWriter out;
  private final int columns;

  /** Prints to {@code out}, of so many columns; 0 never wraps. */
  Paragraphs(PrintWriter out, int columns) {
    this.out = out;
    this.columns = columns;
  }

  /** Prints {@code text} with so many spaces before each of its lines. */
  void print(int indent, String text) {
    String rest = " ".repeat(indent) + text;
    int hang = indent + 4;
    while (columns >= NARROWEST && rest.length() > columns) {
      int from = Math.min(hang, columns / 2);
      int space = rest.lastIndexOf(' ', columns);
      int cut = space > from ? space : columns;
      out.println(rest.substring(0, cut).stripTrailing());
      rest = " ".repeat(from) + rest.substring(cut).stripLeading();
    }
    out.println(rest);
  }
}
