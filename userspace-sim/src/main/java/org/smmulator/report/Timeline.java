package org.smmulator.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.smmulator.kernel.task.Scheduler;

/**
 * The acts of processes, kernel and hardware, one line each, in the order in which they are told.
 */
public final class Timeline {
  private static final int MAX_LINES = 70;

  private final Scheduler scheduler;
  private final List<String> lines = new ArrayList<>();

  /** Starts without a line; {@code scheduler} tells the time. */
  Timeline(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /** Adds a line at the end. */
  public void add(String who, String what) {
    lines.add(line(scheduler.nowNs(), who, what));
  }

  /** A moment of the story, at which a line can be put in later. */
  public record Mark(long timeNs, int place) {}

  /** The present moment. */
  public Mark mark() {
    return new Mark(scheduler.nowNs(), lines.size());
  }

  /** Puts in a line whose consequences may be told already. */
  public void addAt(Mark mark, String who, String what) {
    lines.add(mark.place, line(mark.timeNs, who, what));
  }

  private static String line(long timeNs, String who, String what) {
    return String.format(
        Locale.ROOT, "%6d.%03d  %-14s %s", timeNs / 1000, timeNs % 1000, who, what);
  }

  void print(PrintWriter out) {
    out.println();
    out.println("   time us  who            what");
    int hidden = Math.max(0, lines.size() - MAX_LINES);
    lines.subList(0, lines.size() - hidden).forEach(out::println);
    if (hidden > 0) {
      out.println("            ... and %d more; --trace FILE has everything".formatted(hidden));
    }
  }
}
