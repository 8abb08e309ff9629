package org.smmulator.machine.silicon;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.firmware.DtNode;

/**
 * What somebody puts into the wires between the parts of a machine: an observer's probe, or a fault
 * that a test plants. Each method gets what the wire led to and says what it leads to instead.
 */
public interface Interposer {
  /** The wire from the bus to the registers of {@code device}. */
  default MmioTarget registers(DtNode device, MmioTarget registers) {
    return registers;
  }

  /** The wire from a master to its IOMMU, {@code iommu}. */
  default Translator translator(DtNode iommu, Translator translator) {
    return translator;
  }

  /** The wire from a command processor to the context banks of its IOMMU. */
  default ContextBankPort contextBanks(DtNode iommu, ContextBankPort port) {
    return port;
  }

  /** Plain wires. */
  static Interposer none() {
    return new Interposer() {};
  }
}
