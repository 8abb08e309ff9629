package org.smmulator.script.core;

import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.script.Args;
import org.smmulator.script.ExpectationType;
import org.smmulator.script.FailedExpectation;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.ProcessRun;
import org.smmulator.script.Side;

/** {@code failed_allocation}: {@code fail_nth} has made an allocation of this kind fail. */
final class AllocationExpectation extends ExpectationType {
  private final FormField<Site> site =
      required("failed_allocation", FieldType.oneOf(Site.class), "Of which it was.");

  AllocationExpectation() {
    super("failed_allocation", "The allocation that fail_nth made fail was of this kind.");
  }

  @Override
  public boolean standsOn(Side side) {
    return true;
  }

  @Override
  protected void check(Args args, ProcessRun process) throws FailedExpectation {
    Site found = process.machine().faults().disarm();
    FailedExpectation.unless(
        found == args.get(site),
        "the allocation of a %s to have failed".formatted(FieldType.word(args.get(site))),
        found == null ? "none has" : "that of a %s has".formatted(FieldType.word(found)));
  }

  @Override
  protected String words(Args args) {
    return "sees that the allocation of a %s failed".formatted(FieldType.word(args.get(site)));
  }
}
