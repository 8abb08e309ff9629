package org.smmulator.iommu.smmuv3;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.iommu.smmuv3.feature.ArmSmmuV3Feature;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.kernel.irq.IrqLine;
import org.smmulator.kernel.msi.MsiFrame;
import org.smmulator.kernel.msi.MsiVector;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/**
 * The MSIs of an SMMU; CMD_SYNC has one of its own, in the command. Kernel: {@code
 * arm_smmu_setup_msis()}.
 */
final class ArmSmmuV3Msis {
  private final ArmSmmuV3Device smmu;
  private final Device device;
  private final Mmio registers;

  ArmSmmuV3Msis(ArmSmmuV3Device smmu) {
    this.smmu = smmu;
    this.device = smmu.device();
    this.registers = smmu.registers();
  }

  /** Disables MSIs that an earlier owner may have left. */
  void clear() {
    registers.write(SmmuV3Regs.GERROR_IRQ_CFG0, 0);
    registers.write(SmmuV3Regs.EVTQ_IRQ_CFG0, 0);
    if (hasPri()) {
      registers.write(SmmuV3Regs.PRIQ_IRQ_CFG0, 0);
    }
  }

  /**
   * Programs MSIs if the SMMU and the board have them. Returns their lines, else the wired ones.
   */
  ArmSmmuV3Device.Interrupts setUp() {
    MsiFrame frame = smmu.messages();
    if (!smmu.features().has(ArmSmmuV3Feature.MSI)) {
      return smmu.interrupts();
    }
    if (frame == null) {
      device.info("msi_domain absent - falling back to wired irqs");
      return smmu.interrupts();
    }
    try {
      IrqLine events =
          program(
              frame, SmmuV3Regs.EVTQ_IRQ_CFG0, SmmuV3Regs.EVTQ_IRQ_CFG1, SmmuV3Regs.EVTQ_IRQ_CFG2);
      IrqLine errors =
          program(
              frame,
              SmmuV3Regs.GERROR_IRQ_CFG0,
              SmmuV3Regs.GERROR_IRQ_CFG1,
              SmmuV3Regs.GERROR_IRQ_CFG2);
      return new ArmSmmuV3Device.Interrupts(null, events, pageRequests(frame), errors);
    } catch (ErrnoException e) {
      device.warn("failed to allocate MSIs - falling back to wired irqs");
      clear();
      return smmu.interrupts();
    }
  }

  private @Nullable IrqLine pageRequests(MsiFrame frame) throws ErrnoException {
    return hasPri()
        ? program(
            frame, SmmuV3Regs.PRIQ_IRQ_CFG0, SmmuV3Regs.PRIQ_IRQ_CFG1, SmmuV3Regs.PRIQ_IRQ_CFG2)
        : null;
  }

  private boolean hasPri() {
    return smmu.priq() != null;
  }

  /** Kernel: {@code arm_smmu_write_msi_msg()}. */
  private IrqLine program(MsiFrame frame, Reg64 cfg0, Reg32 cfg1, Reg32 cfg2)
      throws ErrnoException {
    MsiVector vector = frame.alloc();
    device.devres().add("free a message", () -> frame.free(vector));
    registers.write(cfg0, vector.doorbellPa() & SmmuV3Regs.IRQ_CFG0_ADDR_MASK);
    registers.write(cfg1, vector.data());
    registers.write(cfg2, SmmuV3Regs.IRQ_CFG2_DEVICE);
    return vector.line();
  }
}
