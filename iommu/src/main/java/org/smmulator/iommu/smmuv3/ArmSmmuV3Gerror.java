package org.smmulator.iommu.smmuv3;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Field;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** What the driver does when the SMMU itself is in trouble. Runs in hard interrupts. */
final class ArmSmmuV3Gerror {
  private final ArmSmmuV3Device smmu;
  private final Device device;
  private final Runnable disable;

  ArmSmmuV3Gerror(ArmSmmuV3Device smmu, Runnable disable) {
    this.smmu = smmu;
    this.device = smmu.device();
    this.disable = disable;
  }

  /** Kernel: {@code arm_smmu_gerror_handler()}. */
  IrqReturn handle() {
    Mmio registers = smmu.registers();
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
      smmu.commands().skipError();
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
