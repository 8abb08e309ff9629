package org.smmulator.report;

import com.google.common.collect.ImmutableList;
import java.io.PrintWriter;
import java.util.List;
import org.smmulator.machine.Machine;
import org.smmulator.script.Failure;
import org.smmulator.trace.FtraceText;
import org.smmulator.trace.TraceRecord;

/** A failed step: the trace before it, where it stands, what was expected, what happened. */
public final class FailureReport {
  private static final int RECORDS = 20;

  private FailureReport() {}

  /** Prints it, the trace first. */
  public static void print(Failure failure, Machine machine, PrintWriter out) {
    ImmutableList<TraceRecord> records = machine.tracer().records();
    int upTo = 0;
    while (upTo < records.size() && records.get(upTo).timeNs() <= failure.timeNs()) {
      upTo++;
    }
    List<TraceRecord> around = records.subList(Math.max(0, upTo - RECORDS), upTo);
    out.println();
    out.println("the last %d trace events before the failure:".formatted(around.size()));
    around.forEach(made -> out.println(FtraceText.line(made)));
    out.println();
    out.println(
        "%s: %s of %s"
            .formatted(failure.step().place(), failure.step().keyword(), failure.process()));
    out.println("  expected  " + failure.expected());
    out.println("  but       " + failure.actual());
    out.println("  at        %s us".formatted(Timeline.us(failure.timeNs())));
    out.println();
  }
}
