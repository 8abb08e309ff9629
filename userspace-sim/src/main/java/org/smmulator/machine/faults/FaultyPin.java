package org.smmulator.machine.faults;

import java.util.function.ObjLongConsumer;
import org.smmulator.hw.bus.IrqPin;
import org.smmulator.machine.faults.Fault.LateInterrupt;
import org.smmulator.machine.faults.Fault.LostInterrupt;

/**
 * A pin between a device and the interrupt controller. An interrupt that is lost leaves the
 * controller's end low although the device's is high, until the device drives it again.
 */
final class FaultyPin implements IrqPin {
  private final IrqPin behind;
  private final ArmedFault fault;
  private final ObjLongConsumer<Runnable> later;
  private boolean wanted;
  private boolean arrived;
  private boolean onItsWay;

  /**
   * Puts itself before the controller's end.
   *
   * @param later runs something so many nanoseconds from now
   */
  FaultyPin(IrqPin behind, ArmedFault fault, ObjLongConsumer<Runnable> later) {
    this.behind = behind;
    this.fault = fault;
    this.later = later;
  }

  @Override
  public void set(boolean asserted) {
    wanted = asserted;
    if (!asserted) {
      arrived = false;
      behind.set(false);
    } else if (arrived) {
      behind.set(true);
    } else if (!onItsWay) {
      rise();
    }
  }

  private void rise() {
    switch (fault.fault()) {
      case LostInterrupt lost when fault.meets(lost.when()) -> {}
      case LateInterrupt late when fault.meets(late.when()) -> {
        onItsWay = true;
        later.accept(this::arrive, late.byNs());
      }
      default -> {
        arrived = true;
        behind.set(true);
      }
    }
  }

  private void arrive() {
    onItsWay = false;
    if (wanted) {
      arrived = true;
      behind.set(true);
    }
  }
}
