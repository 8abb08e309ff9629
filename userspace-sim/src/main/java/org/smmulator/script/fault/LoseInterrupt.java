package org.smmulator.script.fault;

import org.smmulator.machine.faults.Fault;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;

/** {@code lose_interrupt}: a device raises its interrupt, and the kernel is not called. */
final class LoseInterrupt extends CountedFault {
  private final FormField<String> device =
      required("device", Scalar.text("a device", "5000000.gpu"), "The device that raises it.");

  LoseInterrupt() {
    super("lose_interrupt", "An interrupt never arrives, until its device raises it anew.");
  }

  @Override
  protected Fault fault(Args args) {
    return new Fault.LostInterrupt(args.get(device), when(args));
  }
}
