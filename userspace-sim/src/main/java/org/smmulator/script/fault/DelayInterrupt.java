package org.smmulator.script.fault;

import org.smmulator.machine.faults.Fault;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;

/** {@code delay_interrupt}: an interrupt arrives late. */
final class DelayInterrupt extends CountedFault {
  private final FormField<String> device =
      required("device", Scalar.text("a device", "5000000.gpu"), "The device that raises it.");

  private final FormField<Long> by = required("by", Scalar.DURATION, "How late it is.");

  DelayInterrupt() {
    super(
        "delay_interrupt",
        "An interrupt arrives late: that of a pin if its device still raises it then, a message in"
            + " any case.");
  }

  @Override
  protected Fault fault(Args args) {
    return new Fault.LateInterrupt(args.get(device), when(args), args.get(by));
  }
}
