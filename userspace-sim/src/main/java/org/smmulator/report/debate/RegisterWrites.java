package org.smmulator.report.debate;

import org.smmulator.machine.silicon.Interposer;
import org.smmulator.report.trace.RegisterTap;

/** Counts what drivers write into registers of IOMMUs. */
final class RegisterWrites {
  private long count;

  /** How many 32-bit writes there were. */
  long count() {
    return count;
  }

  /** Its part in the wires of the machine. */
  Interposer wires() {
    return new RegisterTap(
        device -> device.has("#iommu-cells") ? (offset, value) -> count++ : null);
  }
}
