package org.smmulator.report;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.smmulator.kernel.task.Scheduler;

/**
 * The acts of processes, kernel and hardware, one line each, in the order in which they are told.
 * An act that is told again at once is counted instead: a device that polls makes millions.
 *
 * <p>A long story is folded when it is printed: of several acts alike in a row the first stands for
 * all, and beyond a number of lines ordinary ones are left out. Notable ones never are: a fault, a
 * death, a hang, a failure.
 */
public final class Timeline {
  private static final int MAX_LINES = 70;

  /** As many lines at the beginning are kept, whatever they tell. */
  private static final int FIRST_LINES = 40;

  /** So many acts alike in a row become one line. */
  private static final int ALIKE = 5;

  private static final int LONGEST = 200;
  private static final int INDENT = 28;
  private static final Pattern NUMBER = Pattern.compile("0x[0-9a-f]+|[0-9]+");

  private final Scheduler scheduler;
  private final List<Act> acts = new ArrayList<>();

  /** One line, and how often it came again. */
  private static final class Act {
    final long timeNs;
    final String who;
    final String what;
    final boolean notable;
    long again;
    long lastNs;

    Act(long timeNs, String who, String what, boolean notable) {
      this.timeNs = timeNs;
      this.who = who;
      this.what = what;
      this.notable = notable;
    }

    /** Tells whether they differ in numbers only. */
    boolean isLike(Act other) {
      return who.equals(other.who) && notable == other.notable && shape().equals(other.shape());
    }

    private String shape() {
      return NUMBER.matcher(what).replaceAll("#");
    }

    boolean folds(String other, String act) {
      return who.equals(other) && what.equals(act);
    }

    @Override
    public String toString() {
      String line =
          String.format(Locale.ROOT, "%6d.%03d  %-14s %s", timeNs / 1000, timeNs % 1000, who, what);
      return again == 0 ? line : "%s; %d more until %s".formatted(line, again, us(lastNs));
    }
  }

  /** A time as every report has it, in microseconds. */
  static String us(long timeNs) {
    return String.format(Locale.ROOT, "%d.%03d", timeNs / 1000, timeNs % 1000);
  }

  /** Starts without a line; {@code scheduler} tells the time. */
  public Timeline(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Adds a line at the end. */
  public void add(String who, String what) {
    addAt(mark(), who, what);
  }

  /** Adds a line at the end that every reader must see. */
  public void addNotable(String who, String what) {
    addAt(mark(), who, what, true);
  }

  /** A moment of the story, at which a line can be put in later. */
  public record Mark(long timeNs, int place) {}

  /** The present moment. */
  public Mark mark() {
    return new Mark(scheduler.nowNs(), acts.size());
  }

  /** Puts in a line whose consequences may be told already. */
  public void addAt(Mark mark, String who, String what) {
    addAt(mark, who, what, false);
  }

  /** Puts in such a line that every reader must see. */
  public void addNotableAt(Mark mark, String who, String what) {
    addAt(mark, who, what, true);
  }

  private void addAt(Mark mark, String who, String what, boolean notable) {
    Act before = mark.place == 0 ? null : acts.get(mark.place - 1);
    if (before != null && before.folds(who, what)) {
      before.again++;
      before.lastNs = mark.timeNs;
      return;
    }
    acts.add(mark.place, new Act(mark.timeNs, who, what, notable));
  }

  /** One line of the story. */
  public record Line(long timeNs, String who, String what, boolean notable, long again) {}

  /** The whole story, unfolded. */
  ImmutableList<Line> lines() {
    return acts.stream()
        .map(act -> new Line(act.timeNs, act.who, act.what, act.notable, act.again))
        .collect(ImmutableList.toImmutableList());
  }

  void print(PrintWriter out, Style style) {
    out.println();
    out.println("   time us  who            what");
    List<Folded> lines = folded(style.full() ? Integer.MAX_VALUE : ALIKE);
    int surplus = style.full() ? 0 : lines.size() - MAX_LINES;
    int hidden = 0;
    for (int i = 0; i < lines.size(); i++) {
      Folded line = lines.get(i);
      if (i >= FIRST_LINES && surplus > 0 && !line.first.notable) {
        surplus--;
        hidden++;
      } else {
        printHidden(hidden, out);
        hidden = 0;
        line.print(out, style);
      }
    }
    printHidden(hidden, out);
  }

  private static void printHidden(int lines, PrintWriter out) {
    if (lines > 0) {
      out.println("            ... %d ordinary lines; --full shows them".formatted(lines));
    }
  }

  /** An act, and how many like it came right behind it. */
  private record Folded(Act first, int more, long lastNs) {
    void print(PrintWriter out, Style style) {
      String text =
          more == 0
              ? first.toString()
              : "%s; %d more like it until %s".formatted(first, more, us(lastNs));
      if (!style.full() && text.length() > LONGEST) {
        text =
            "%s... (%d characters more; --full shows them)"
                .formatted(text.substring(0, LONGEST), text.length() - LONGEST);
      }
      for (String line : Paragraphs.wrapped(text, INDENT, style.columns())) {
        out.println(first.notable ? style.in(Style.Colour.NOTABLE, line) : line);
      }
    }
  }

  private List<Folded> folded(int atLeast) {
    List<Folded> lines = new ArrayList<>();
    int from = 0;
    while (from < acts.size()) {
      int to = from + 1;
      while (to < acts.size() && acts.get(to).isLike(acts.get(from))) {
        to++;
      }
      if (to - from >= atLeast) {
        lines.add(new Folded(acts.get(from), to - from - 1, acts.get(to - 1).timeNs));
      } else {
        acts.subList(from, to).forEach(act -> lines.add(new Folded(act, 0, act.timeNs)));
      }
      from = to;
    }
    return lines;
  }
}
