package org.smmulator.script.core;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import org.smmulator.machine.Machine;
import org.smmulator.trace.FtraceText;

/** {@code trace}: the trace, as ftrace prints it, holds a text. */
final class TraceExpectation extends LinesExpectation {
  TraceExpectation() {
    super("trace", "The trace, as --trace writes it, holds a text.", "msm_gpu_submit_retired");
  }

  @Override
  ImmutableList<String> lines(Machine machine) {
    return machine.tracer().records().stream().map(FtraceText::line).collect(toImmutableList());
  }

  @Override
  long written(Machine machine) {
    return machine.tracer().written();
  }

  @Override
  long writtenAt(LogMark moment) {
    return moment.traceLines();
  }
}
