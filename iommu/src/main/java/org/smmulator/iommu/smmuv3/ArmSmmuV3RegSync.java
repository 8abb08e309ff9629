package org.smmulator.iommu.smmuv3;

import static org.smmulator.kernel.errno.Errno.ETIMEDOUT;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.errno.ErrnoException;
import org.smmulator.regs.smmuv3.SmmuV3Regs;

/** Registers whose new value is in effect only when the hardware says so. */
final class ArmSmmuV3RegSync {
  private static final long TIMEOUT_NS = 1_000_000_000L;
  private static final long DELAY_NS = 1_000;

  private final Device device;
  private final Mmio registers;
  private final Timebase timebase;

  ArmSmmuV3RegSync(Device device, Mmio registers, Timebase timebase) {
    this.device = device;
    this.registers = registers;
    this.timebase = timebase;
  }

  /**
   * Writes CR0 and waits. Kernel: {@code arm_smmu_write_reg_sync()}.
   *
   * @param what the action, for the log: {@code enable command queue}
   * @throws ErrnoException ETIMEDOUT
   */
  void writeCr0(int value, String what) throws ErrnoException {
    writeAndWait(SmmuV3Regs.CR0, SmmuV3Regs.CR0ACK, value, what);
  }

  /** As {@link #writeCr0}, for IRQ_CTRL. */
  void writeIrqControl(int value, String what) throws ErrnoException {
    writeAndWait(SmmuV3Regs.IRQ_CTRL, SmmuV3Regs.IRQ_CTRLACK, value, what);
  }

  /** As {@link #writeIrqControl}, but a timeout is only logged. */
  void tryIrqControl(int value, String what) {
    registers.write(SmmuV3Regs.IRQ_CTRL, value);
    if (!await(SmmuV3Regs.IRQ_CTRLACK, -1, value)) {
      device.warn("failed to %s", what);
    }
  }

  private void writeAndWait(Reg32 register, Reg32 acknowledge, int value, String what)
      throws ErrnoException {
    registers.write(register, value);
    if (!await(acknowledge, -1, value)) {
      device.err("failed to %s", what);
      throw ETIMEDOUT.because("%s stays what it was", acknowledge.name());
    }
  }

  /**
   * Sets GBPA.ABORT, which refuses all transactions while the SMMU is disabled. Kernel: {@code
   * arm_smmu_update_gbpa()}, whose caller does not ask either.
   */
  void refuseWhileOff() {
    int update = SmmuV3Regs.GBPA_UPDATE.mask();
    if (!await(SmmuV3Regs.GBPA, update, 0)) {
      return;
    }
    int now = registers.read(SmmuV3Regs.GBPA);
    registers.write(SmmuV3Regs.GBPA, now | SmmuV3Regs.GBPA_ABORT.mask() | update);
    if (!await(SmmuV3Regs.GBPA, update, 0)) {
      device.err("GBPA not responding to update");
    }
  }

  private boolean await(Reg32 register, int mask, int value) {
    for (long waitedNs = 0; waitedNs < TIMEOUT_NS; waitedNs += DELAY_NS) {
      if ((registers.read(register) & mask) == value) {
        return true;
      }
      timebase.consume(DELAY_NS);
      timebase.point();
    }
    return false;
  }
}
