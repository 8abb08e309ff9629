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
 * all, the first round of a loop for all of its rounds, and beyond a number of lines ordinary ones
 * are left out. Notable ones never are: a fault, a death, a hang, a failure.
 */
public final class Timeline {
  private static final int MAX_LINES = 70;

  /** As many lines at the beginning are kept, whatever they tell. */
  private static final int FIRST_LINES = 40;

  /** So many acts alike in a row become one line, and so many rounds alike one round. */
  private static final int ALIKE = 5;

  /** The longest round of a loop that is looked for. */
  private static final int LONGEST_ROUND = 8;

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
    final String shape;
    long again;
    long lastNs;

    Act(long timeNs, String who, String what, boolean notable) {
      this.timeNs = timeNs;
      this.who = who;
      this.what = what;
      this.notable = notable;
      this.shape = NUMBER.matcher(what).replaceAll("#");
    }

    /** Tells whether they differ in numbers only. */
    boolean isLike(Act other) {
      return who.equals(other.who) && notable == other.notable && shape.equals(other.shape);
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
    List<Row> rows = style.full() ? unfolded() : folded();
    int surplus = style.full() ? 0 : rows.size() - MAX_LINES;
    int hidden = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (i >= FIRST_LINES && surplus > 0 && !row.notable()) {
        surplus--;
        hidden++;
      } else {
        printHidden(hidden, out);
        hidden = 0;
        row.print(out, style);
      }
    }
    printHidden(hidden, out);
  }

  private static void printHidden(int lines, PrintWriter out) {
    if (lines > 0) {
      out.println("            ... %d ordinary lines; --full shows them".formatted(lines));
    }
  }

  /** A line as it is printed. */
  private record Row(String text, boolean notable) {
    void print(PrintWriter out, Style style) {
      String shown = text;
      if (!style.full() && text.length() > LONGEST) {
        shown =
            "%s... (%d characters more; --full shows them)"
                .formatted(text.substring(0, LONGEST), text.length() - LONGEST);
      }
      for (String line : Paragraphs.wrapped(shown, INDENT, style.columns())) {
        out.println(notable ? style.in(Style.Colour.NOTABLE, line) : line);
      }
    }
  }

  private static Row row(Act act) {
    return new Row(act.toString(), act.notable);
  }

  private List<Row> unfolded() {
    return acts.stream().map(Timeline::row).toList();
  }

  private List<Row> folded() {
    List<Row> rows = new ArrayList<>();
    int from = 0;
    while (from < acts.size()) {
      int length = roundAt(from);
      int rounds = roundsOf(length, from);
      int to = from + length * rounds;
      String until = us(acts.get(to - 1).timeNs);
      if (rounds == 1) {
        rows.add(row(acts.get(from)));
      } else if (length == 1) {
        Act first = acts.get(from);
        rows.add(
            new Row(
                "%s; %d more like it until %s".formatted(first, rounds - 1, until), first.notable));
      } else {
        acts.subList(from, from + length).forEach(act -> rows.add(row(act)));
        rows.add(
            new Row(
                "            ... %d more rounds of these %d lines until %s"
                    .formatted(rounds - 1, length, until),
                false));
      }
      from = to;
    }
    return rows;
  }

  /** The length of the loop that begins at an act; 1 if none does. */
  private int roundAt(int from) {
    for (int length = 1; length <= LONGEST_ROUND; length++) {
      if (length > 1 && acts.get(Math.min(from + length, acts.size()) - 1).notable) {
        break; // a notable line is in no round
      }
      if (roundsOf(length, from) > 1) {
        return length;
      }
      if (acts.get(from).notable) {
        break;
      }
    }
    return 1;
  }

  /** The number of rounds of {@code length} acts from there; 1 unless they are enough to fold. */
  private int roundsOf(int length, int from) {
    int to = from + length;
    while (to < acts.size() && acts.get(to).isLike(acts.get(to - length))) {
      to++;
    }
    int rounds = (to - from) / length;
    return rounds >= ALIKE ? rounds : 1;
  }
}
