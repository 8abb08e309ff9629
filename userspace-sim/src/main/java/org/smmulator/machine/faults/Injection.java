package org.smmulator.machine.faults;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.smmulator.kernel.device.DriverCore;
import org.smmulator.kernel.firmware.DeviceTree;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.faults.Fault.FailedAllocation;
import org.smmulator.machine.faults.Fault.LateInterrupt;
import org.smmulator.machine.faults.Fault.LostInterrupt;
import org.smmulator.machine.faults.Fault.LostInvalidation;
import org.smmulator.machine.faults.Fault.MemoryPressure;
import org.smmulator.machine.faults.Fault.StoppedClock;
import org.smmulator.machine.input.BadInputException;
import org.smmulator.machine.input.Nearest;

/**
 * A fault that a machine is built with.
 *
 * @param armedBy the word at which it is armed; null if it is armed as soon as the machine has
 *     booted
 */
public record Injection(Fault fault, @Nullable String armedBy) {
  /** A fault that is armed as soon as the machine has booted. */
  public static Injection atOnce(Fault fault) {
    return new Injection(fault, null);
  }

  /**
   * Checks that a board has what the fault is about.
   *
   * @throws BadInputException if it has not
   */
  public void check(DeviceTree board) throws BadInputException {
    switch (fault) {
      case LostInvalidation lost -> {
        if (lost.iommu() != null && !InvalidationRequests.isHeardBy(device(board, lost.iommu()))) {
          throw new BadInputException(
              "'%s' is no IOMMU, and hears no invalidations".formatted(lost.iommu()),
              "name an IOMMU, or none for any of the board");
        }
      }
      case LostInterrupt lost -> checkInterrupts(device(board, lost.device()));
      case LateInterrupt late -> checkInterrupts(device(board, late.device()));
      case StoppedClock stopped -> {
        if (device(board, stopped.device()).reg().isEmpty()) {
          throw new BadInputException(
              "'%s' has no registers".formatted(stopped.device()), "name a device that has some");
        }
      }
      case FailedAllocation _, MemoryPressure _ -> {}
    }
  }

  private static void checkInterrupts(DtNode device) throws BadInputException {
    if (device.interrupts().isEmpty() && !device.has("msi-parent")) {
      throw new BadInputException(
          "'%s' has no interrupt".formatted(DriverCore.nameOf(device)),
          "name a device that has one");
    }
  }

  private static DtNode device(DeviceTree board, String name) throws BadInputException {
    List<String> names = new ArrayList<>();
    for (DtNode node : board.nodes()) {
      if (node.has("compatible") && node.parent() != null) {
        String known = DriverCore.nameOf(node);
        if (known.equals(name)) {
          return node;
        }
        names.add(known);
      }
    }
    throw new BadInputException(
        "the board has no device '%s'".formatted(name), Nearest.cure(name, names));
  }
}
