package org.smmulator.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.smmulator.kernel.task.Scheduler;

/**
 * The acts of processes, kernel and hardware, one line each, in the order in which they are told.
 * An act that is told again at once is counted instead: a device that polls makes millions.
 */
public final class Timeline {
  private static final int MAX_LINES = 70;

  private final Scheduler scheduler;
  private final List<Act> acts = new ArrayList<>();

  /** One line, and how often it came again. */
  private static final class Act {
    final long timeNs;
    final String who;
    final String what;
    long again;
    long lastNs;

    Act(long timeNs, String who, String what) {
      this.timeNs = timeNs;
      this.who = who;
      this.what = what;
    }

    boolean folds(String other, String act) {
      return who.equals(other) && what.equals(act);
    }

    @Override
    public String toString() {
      String line =
          String.format(Locale.ROOT, "%6d.%03d  %-14s %s", timeNs / 1000, timeNs % 1000, who, what);
      return again == 0
          ? line
          : "%s; %d more until %d.%03d".formatted(line, again, lastNs / 1000, lastNs % 1000);
    }
  }

  /** Starts without a line; {@code scheduler} tells the time. */
  Timeline(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Adds a line at the end. */
  public void add(String who, String what) {
    addAt(mark(), who, what);
  }

  /** A moment of the story, at which a line can be put in later. */
  public record Mark(long timeNs, int place) {}

  /** The present moment. */
  public Mark mark() {
    return new Mark(scheduler.nowNs(), acts.size());
  }

  /** Puts in a line whose consequences may be told already. */
  public void addAt(Mark mark, String who, String what) {
    Act before = mark.place == 0 ? null : acts.get(mark.place - 1);
    if (before != null && before.folds(who, what)) {
      before.again++;
      before.lastNs = mark.timeNs;
      return;
    }
    acts.add(mark.place, new Act(mark.timeNs, who, what));
  }

  void print(PrintWriter out) {
    out.println();
    out.println("   time us  who            what");
    int hidden = Math.max(0, acts.size() - MAX_LINES);
    acts.subList(0, acts.size() - hidden).forEach(out::println);
    if (hidden > 0) {
      out.println("            ... and %d more; --trace FILE has everything".formatted(hidden));
    }
  }
}
