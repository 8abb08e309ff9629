package org.smmulator.hw.mic;

import static org.smmulator.regs.mic.DispSysregRegs.DSD_CFG_MUX;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.mic.DispSysregRegs;

/** The system registers of the display block, of which one is known: the multiplexers. */
public final class DispSysreg {
  private final RegisterFile registers =
      RegisterFile.builder(DispSysregRegs.WINDOW_BYTES).readWrite(DSD_CFG_MUX).build();

  /** The register window, {@code DispSysregRegs.WINDOW_BYTES} long. */
  public MmioTarget mmio() {
    return registers;
  }

  /** The setting of the multiplexers, as {@code DSD_CFG_MUX} has it. */
  int mux() {
    return registers.get(DSD_CFG_MUX);
  }
}
