package org.smmulator.script.fault;

import org.smmulator.kernel.fault.FaultInjector.Site;
import org.smmulator.machine.faults.Fault;
import org.smmulator.script.Args;
import org.smmulator.script.FaultType;
import org.smmulator.script.FieldType;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;

/** {@code fail_allocation}: one allocation fails, of whoever's. */
final class FailAllocation extends FaultType {
  private final FormField<Long> nth =
      optional("nth", Scalar.between(1, Integer.MAX_VALUE), 1L, "Which, from when it is armed.");

  private final FormField<Site> of =
      optional("of", FieldType.oneOf(Site.class), "The allocator; left out, any.");

  FailAllocation() {
    super(
        "fail_allocation",
        "One allocation of the machine fails; one that is armed later replaces it.");
  }

  @Override
  protected Fault fault(Args args) {
    return new Fault.FailedAllocation(args.get(nth), args.find(of));
  }
}
