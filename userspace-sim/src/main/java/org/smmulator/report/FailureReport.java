package org.smmulator.report;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.List;
import org.smmulator.machine.Machine;
import org.smmulator.script.Failure;
import org.smmulator.trace.FtraceText;
import org.smmulator.trace.TraceRecord;

/** A failed step: where it stands, what was expected, what happened, and the trace around it. */
public final class FailureReport {
  private static final int RECORDS = 20;

  private FailureReport() {}

  /**
   * Prints it.
   *
   * @param reached how much of what the scenario expects was reached: {@code 2 of 5 expectations}
   */
  public static void print(Failure failure, String reached, Machine machine, PrintWriter out) {
    out.println();
    out.println(
        "%s: %s of %s"
            .formatted(failure.step().place(), failure.step().keyword(), failure.process()));
    out.println("  expected  " + failure.expected());
    out.println("  but       " + failure.actual());
    out.println("  at        %d ns".formatted(failure.timeNs()));
    out.println("  reached   " + reached);
    out.println();
    ImmutableList<TraceRecord> records = machine.tracer().records();
    int upTo = 0;
    while (upTo < records.size() && records.get(upTo).timeNs() <= failure.timeNs()) {
      upTo++;
    }
    List<TraceRecord> around = records.subList(Math.max(0, upTo - RECORDS), upTo);
    out.println("the last %d trace events before it:".formatted(around.size()));
    around.forEach(made -> out.println(FtraceText.line(made)));
  }
}
