package org.smmulator.trace;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * The text of {@code /sys/kernel/tracing/trace}, which trace viewers read.
 *
 * <p>Source: {@code kernel/trace/trace.c}, {@code trace_print_context}.
 */
public final class FtraceText {
  private FtraceText() {}

  /** Writes all that the buffer holds. */
  public static void write(Tracer tracer, int cpus, Appendable out) throws IOException {
    List<TraceRecord> records = tracer.records();
    out.append(header(records.size() + "/" + tracer.written(), cpus));
    for (TraceRecord made : records) {
      out.append(line(made)).append('\n');
    }
  }

  /** One record's line, without its newline. */
  public static String line(TraceRecord made) {
    long us = made.timeNs() / 1000;
    return String.format(
        Locale.ROOT,
        "%16s-%-7d [%03d] ..... %5d.%06d: %s: %s",
        made.comm(),
        made.pid(),
        made.cpu(),
        us / 1_000_000,
        us % 1_000_000,
        made.event().name(),
        made.event().print());
  }

  /**
   * The lines before the first record.
   *
   * @param counts the entries that follow and those that were written, with a stroke between
   */
  static String header(String counts, int cpus) {
    return """
    # tracer: nop
    #
    # entries-in-buffer/entries-written: %s   #P:%d
    #
    #                                _-----=> irqs-off/BH-disabled
    #                               / _----=> need-resched
    #                              | / _---=> hardirq/softirq
    #                              || / _--=> preempt-depth
    #                              ||| / _-=> migrate-disable
    #                              |||| /     delay
    #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
    #              | |         |   |||||     |         |
    """
        .formatted(counts, cpus);
  }
}
