package org.smmulator.script.fault;

import org.smmulator.machine.faults.Fault;
import org.smmulator.script.Args;
import org.smmulator.script.FormField;
import org.smmulator.script.Scalar;

/** {@code stop_clock}: a device is unclocked for a while. */
final class StopClock extends TimedFault {
  private final FormField<String> device =
      required(
          "device",
          Scalar.text("a device", "5000000.gpu"),
          "The device whose registers do not answer.");

  StopClock() {
    super("stop_clock", "A device's registers do not answer; who accesses them has a bus error.");
  }

  @Override
  protected Fault fault(Args args) {
    return new Fault.StoppedClock(args.get(device), when(args));
  }
}
