package org.smmulator.script.fault;

import org.smmulator.machine.faults.Fault.Occurrences;
import org.smmulator.script.Args;
import org.smmulator.script.FaultType;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;

/** A fault of some of a sequence of events. */
abstract class CountedFault extends FaultType {
  private final FormField<Long> nth =
      optional(
          "nth",
          Scalar.between(1, Long.MAX_VALUE),
          1L,
          "The first of them, counted from when the fault is armed.");

  private final FormField<Long> times =
      optional("times", Scalar.between(1, Long.MAX_VALUE), 1L, "How many of them in a row.");

  CountedFault(String keyword, String sentence) {
    super(keyword, sentence);
  }

  final Occurrences when(Args args) {
    return new Occurrences(args.get(nth), args.get(times));
  }
}
