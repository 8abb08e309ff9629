package org.smmulator.script.fault;

import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;

/** {@code injected}: a fault has happened, so often. */
final class InjectedExpectation extends MachineExpectation {
  private final FormField<String> text =
      required(
          "injected",
          Scalar.text("a text", "\"lost interrupt\""),
          "A part of the fault's words, as the timeline has them.");

  private final FormField<Long> times =
      optional(
          "times", Scalar.between(0, Integer.MAX_VALUE), 1L, "How often it has happened by now.");

  InjectedExpectation() {
    super("injected", "A fault has happened, so often.");
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    long found =
        machine.injectedFaults().happened().stream()
            .filter(each -> each.contains(args.get(text)))
            .count();
    FailedExpectation.unless(
        found == args.get(times),
        "a fault '%s' that has happened %d times".formatted(args.get(text), args.get(times)),
        "it has happened %d times".formatted(found));
  }

  @Override
  protected String words(Args args) {
    return "finds that '%s' has happened".formatted(args.get(text));
  }
}
