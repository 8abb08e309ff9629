package org.smmulator.script.fault;

import org.smmulator.machine.faults.Fault.Period;
import org.smmulator.script.Args;
import org.smmulator.script.FaultType;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;

/** A fault that lasts for a while. */
abstract class TimedFault extends FaultType {
  private final FormField<Long> after =
      optional("after", Scalar.DURATION, 0L, "When it begins, from when the fault is armed.");

  private final FormField<Long> lasts = required("for", Scalar.DURATION, "How long it lasts.");

  TimedFault(String keyword, String sentence) {
    super(keyword, sentence);
  }

  final Period when(Args args) {
    return new Period(args.get(after), args.get(lasts));
  }
}
