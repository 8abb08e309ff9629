package org.smmulator.report;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;

/**
 * Prints lines that are wrapped between words where a terminal would wrap them anywhere; what is
 * wrapped stands below the last column of its own line, or four characters in.
 */
public final class Paragraphs {
  private static final int NARROWEST = 20;

  private final PrintWriter out;
  private final int columns;

  /** Prints to {@code out}, of so many columns; 0 never wraps. */
  public Paragraphs(PrintWriter out, int columns) {
    this.out = out;
    this.columns = columns;
  }

  /** Prints {@code text} with so many spaces before each of its lines. */
  public void print(int indent, String text) {
    wrapped(" ".repeat(indent) + text, indent + 4, columns).forEach(out::println);
  }

  /**
   * Prints a text of several lines: as they are if there is room, else its paragraphs are filled
   * anew.
   */
  public void printText(String text) {
    String lines = text.strip();
    boolean fits = columns < NARROWEST || lines.lines().allMatch(line -> line.length() <= columns);
    if (fits) {
      lines.lines().forEach(out::println);
      return;
    }
    String gap = "";
    for (String paragraph : Splitter.onPattern("\\n\\s*\\n").split(lines)) {
      out.print(gap);
      wrapped(paragraph.replace('\n', ' '), 0, columns).forEach(out::println);
      gap = System.lineSeparator();
    }
  }

  /**
   * Returns the lines of {@code text}.
   *
   * @param hang the spaces before each but the first
   * @param columns of the terminal; 0 never wraps
   */
  static ImmutableList<String> wrapped(String text, int hang, int columns) {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    String rest = text;
    int from = Math.min(hang, columns / 2);
    while (columns >= NARROWEST && rest.length() > columns) {
      int space = rest.lastIndexOf(' ', columns);
      int cut = space > from ? space : columns;
      lines.add(rest.substring(0, cut).stripTrailing());
      rest = " ".repeat(from) + rest.substring(cut).stripLeading();
    }
    return lines.add(rest).build();
  }
}
