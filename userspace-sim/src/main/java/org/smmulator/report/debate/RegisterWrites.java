package org.smmulator.report.debate;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.kernel.firmware.DtNode;
import org.smmulator.machine.silicon.Interposer;

/** Counts what drivers write into registers of IOMMUs. */
final class RegisterWrites implements Interposer {
  private long count;

  /** How many 32-bit writes there were. */
  long count() {
    return count;
  }

  @Override
  public MmioTarget registers(DtNode device, MmioTarget registers) {
    if (!device.has("#iommu-cells")) {
      return registers;
    }
    return new MmioTarget() {
      @Override
      public int read32(int offset) {
        return registers.read32(offset);
      }

      @Override
      public void write32(int offset, int value) {
        count++;
        registers.write32(offset, value);
      }
    };
  }
}
