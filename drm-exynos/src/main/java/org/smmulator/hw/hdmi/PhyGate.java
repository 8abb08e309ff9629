package org.smmulator.hw.hdmi;

import static org.smmulator.regs.hdmi.HdmiRegs.BLOCK_BYTES;
import static org.smmulator.regs.hdmi.HdmiRegs.PMU_HDMI_PHY_CONTROL;
import static org.smmulator.regs.hdmi.HdmiRegs.PMU_HDMI_PHY_ENABLE;

import org.smmulator.hw.bus.MmioTarget;
import org.smmulator.hw.bus.RegisterFile;

/**
 * The part of an Exynos's power management unit that isolates the PHY of HDMI from the rest.
 *
 * <p>Not modelled: the rest of the unit, because power domains are wires here.
 */
public final class PhyGate {
  private final RegisterFile registers;
  private Runnable onChange = () -> {};

  /** Makes a gate that isolates the PHY. */
  public PhyGate() {
    this.registers =
        RegisterFile.builder(BLOCK_BYTES)
            .onWrite(PMU_HDMI_PHY_CONTROL, _ -> onChange.run())
            .build();
  }

  /** The register window. */
  public MmioTarget mmio() {
    return registers;
  }

  /** Returns whether the PHY is isolated. */
  boolean isIsolating() {
    return !PMU_HDMI_PHY_ENABLE.isSet(registers.get(PMU_HDMI_PHY_CONTROL));
  }

  /** Has {@code action} run when the register is written. */
  void onChange(Runnable action) {
    onChange = action;
  }
}
