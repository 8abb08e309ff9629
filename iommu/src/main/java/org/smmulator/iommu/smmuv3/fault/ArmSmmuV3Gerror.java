package org.smmulator.iommu.smmuv3.fault;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Field;
import org.smmulator.iommu.smmuv3.queue.ArmSmmuV3Cmdq;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** The interrupt of global errors. Kernel: {@code arm_smmu_gerror_handler()}. */
public final class ArmSmmuV3Gerror {
  private final Device device;
  private final Mmio registers;
  private final ArmSmmuV3Cmdq cmdq;
  private final Runnable disable;

  /**
   * Makes the handler.
   *
   * @param disable turns the SMMU off
   */
  public ArmSmmuV3Gerror(Device device, Mmio registers, ArmSmmuV3Cmdq cmdq, Runnable disable) {
    this.device = device;
    this.registers = registers;
    this.cmdq = cmdq;
    this.disable = disable;
  }

  /** Logs each active error and acknowledges them. Runs in hard interrupts. */
  public IrqReturn handle() {
    int errors = registers.read(SmmuV3Regs.GERROR);
    int active = errors ^ registers.read(SmmuV3Regs.GERRORN);
    if ((active & SmmuV3Regs.GERROR_ERR_MASK) == 0) {
      return IrqReturn.NONE;
    }
    device.warn("unexpected global error reported (0x%08x), this could be serious", active);
    if (SmmuV3Regs.GERROR_SFM.isSet(active)) {
      device.err("device has entered Service Failure Mode!");
      disable.run();
    }
    warnIf(active, SmmuV3Regs.GERROR_MSI_GERROR_ABT, "GERROR MSI write aborted");
    warnIf(active, SmmuV3Regs.GERROR_MSI_PRIQ_ABT, "PRIQ MSI write aborted");
    warnIf(active, SmmuV3Regs.GERROR_MSI_EVTQ_ABT, "EVTQ MSI write aborted");
    warnIf(active, SmmuV3Regs.GERROR_MSI_CMDQ_ABT, "CMDQ MSI write aborted");
    if (SmmuV3Regs.GERROR_PRIQ_ABT.isSet(active)) {
      device.err("PRIQ write aborted -- events may have been lost");
    }
    if (SmmuV3Regs.GERROR_EVTQ_ABT.isSet(active)) {
      device.err("EVTQ write aborted -- events may have been lost");
    }
    if (SmmuV3Regs.GERROR_CMDQ_ERR.isSet(active)) {
      cmdq.skipError();
    }
    registers.write(SmmuV3Regs.GERRORN, errors);
    return IrqReturn.HANDLED;
  }

  private void warnIf(int active, Field error, String what) {
    if (error.isSet(active)) {
      device.warn("%s", what);
    }
  }
}
