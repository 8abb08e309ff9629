package org.smmulator.script.core;

import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;

/** {@code leaked_pages}: dead processes have left this many pages behind. */
final class LeakExpectation extends MachineExpectation {
  private final FormField<Long> pages =
      required("leaked_pages", Scalar.between(0, Integer.MAX_VALUE), "The number of pages.");

  LeakExpectation() {
    super("leaked_pages", "Dead processes have left so many pages behind.");
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    long found = machine.leakedPages().values().stream().mapToLong(Long::longValue).sum();
    FailedExpectation.unless(
        found == args.get(pages),
        "%d leaked pages".formatted(args.get(pages)),
        "there are %d: %s".formatted(found, machine.leakedPages()));
  }

  @Override
  protected String words(Args args) {
    return "finds %d leaked pages".formatted(args.get(pages));
  }
}
