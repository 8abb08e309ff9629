package org.smmulator.machine.silicon;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.Translator;
import org.smmulator.hw.smmuv2.ContextBankPort;
import org.smmulator.kernel.firmware.DtNode;

/**
 * A probe in the wires between the parts of a machine: it observes them, or plants a fault for a
 * test. Each method is given the far end of a wire and returns what the near end is connected to.
 */
public interface Interposer {
  /** Interposes on the wire from the bus to the registers of {@code device}. */
  default MmioTarget registers(DtNode device, MmioTarget registers) {
    return registers;
  }

  /** Interposes on the wires from masters to their IOMMU, {@code iommu}. */
  default Translator translator(DtNode iommu, Translator translator) {
    return translator;
  }

  /** Interposes on the wire from a command processor to the context banks of its SMMU. */
  default ContextBankPort contextBanks(DtNode smmu, ContextBankPort port) {
    return port;
  }

  /**
   * Interposes on the window from a command processor's register bus to the registers of its
   * context bank, of the IOMMU {@code iommu}.
   */
  default MmioTarget contextBankWindow(DtNode iommu, MmioTarget window) {
    return window;
  }

  /** Returns an interposer that leaves every wire alone. */
  static Interposer none() {
    return new Interposer() {};
  }
}
