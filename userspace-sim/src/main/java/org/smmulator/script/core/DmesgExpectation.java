package org.smmulator.script.core;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.trace.Dmesg;

/** {@code dmesg}: the kernel log holds a text. */
final class DmesgExpectation extends LinesExpectation {
  DmesgExpectation() {
    super("dmesg", "The kernel log holds a text.", "\"Unhandled context fault\"");
  }

  @Override
  protected ImmutableList<String> logged(Args args) {
    return wanted(args);
  }

  @Override
  ImmutableList<String> lines(Machine machine) {
    return machine.dmesg().lines().stream().map(Dmesg.Line::text).collect(toImmutableList());
  }

  @Override
  long written(Machine machine) {
    return machine.dmesg().written();
  }

  @Override
  long writtenAt(LogMark moment) {
    return moment.dmesgLines();
  }
}
