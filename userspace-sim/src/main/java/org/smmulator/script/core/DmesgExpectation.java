package org.smmulator.script.core;

import org.smmulator.machine.Machine;
import org.smmulator.script.Args;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.MachineExpectation;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;

/** {@code dmesg}: the kernel log holds a text. */
final class DmesgExpectation extends MachineExpectation {
  private final FormField<String> text =
      required(
          "dmesg",
          Scalar.text("a text", "\"Unhandled context fault\""),
          "A part of the line; case counts.");
  private final FormField<Long> times =
      optional(
          "times",
          Scalar.between(0, Integer.MAX_VALUE),
          "In how many lines; left out, in one at least.");

  DmesgExpectation() {
    super("dmesg", "The kernel log holds a text.");
  }

  @Override
  protected void check(Args args, Machine machine, Ref.Lookup names) throws FailedExpectation {
    long found =
        machine.dmesg().lines().stream().filter(l -> l.text().contains(args.get(text))).count();
    Long wanted = args.find(times);
    String howOften = wanted == null ? "at least one line" : "%d lines".formatted(wanted);
    FailedExpectation.unless(
        wanted == null ? found > 0 : found == wanted,
        "%s of dmesg with '%s'".formatted(howOften, args.get(text)),
        "there are %d".formatted(found));
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
