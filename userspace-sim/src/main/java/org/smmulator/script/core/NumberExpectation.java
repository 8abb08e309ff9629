package org.smmulator.script.core;

import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FormField;
import org.smmulator.script.Kind;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Ref;
import org.smmulator.script.Scalar;
import org.smmulator.script.Side;

/** {@code number}: a number that an earlier step named has this value. */
final class NumberExpectation extends ExpectationType {
  private final FormField<Ref<Long>> number =
      required("number", Ref.to(Kind.NUMBER), "The number's name.");
  private final FormField<Long> value = required("is", Scalar.NUMBER, "The value it must have.");

  NumberExpectation() {
    super("number", "A number that a step has named has a value.");
  }

  @Override
  protected void check(Args args, ProcessRun process) throws FailedExpectation {
    long found = process.find(args.get(number));
    FailedExpectation.unless(
        found == args.get(value),
        "%s to be 0x%x".formatted(args.get(number), args.get(value)),
        "it is 0x%x".formatted(found));
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected String words(Args args) {
    return "finds %s to be 0x%x".formatted(args.get(number), args.get(value));
  }
}
