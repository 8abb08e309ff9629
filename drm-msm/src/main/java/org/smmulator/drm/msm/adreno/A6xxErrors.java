package org.smmulator.drm.msm.adreno;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.kernel.device.Device;
import org.smmulator.regs.adreno.A6xx;

/**
 * Prints the errors that the GPU interrupts for, each a few times in five seconds. Kernel: {@code
 * a6xx_cp_hw_err_irq()}.
 */
final class A6xxErrors {
  private static final String CP_ERROR = "a6xx_cp_hw_err_irq";

  private final Device device;
  private final Mmio mmio;

  A6xxErrors(Device device, Mmio mmio) {
    this.device = device;
    this.mmio = mmio;
  }

  /** Prints the errors in {@code status}, a value of RBBM_INT_0_STATUS. */
  void report(int status) {
    if (A6xx.INT_CP_AHB_ERROR.isSet(status)) {
      device.errRatelimited("a6xx_irq", "CP | AHB bus error");
    }
    if (A6xx.INT_CP_HW_ERROR.isSet(status)) {
      reportCp(mmio.read(A6xx.CP_INTERRUPT_STATUS));
    }
    if (A6xx.INT_ATB_ASYNCFIFO_OVERFLOW.isSet(status)) {
      device.errRatelimited("a6xx_irq", "RBBM | ATB ASYNC overflow");
    }
    if (A6xx.INT_ATB_BUS_OVERFLOW.isSet(status)) {
      device.errRatelimited("a6xx_irq", "RBBM | ATB bus overflow");
    }
    if (A6xx.INT_UCHE_OOB.isSet(status)) {
      device.errRatelimited("a6xx_irq", "UCHE | Out of bounds access");
    }
  }

  private void reportCp(int status) {
    if (A6xx.CP_INT_OPCODE_ERROR.isSet(status)) {
      mmio.write(A6xx.CP_SQE_STAT_ADDR, 1);
      device.errRatelimited(
          CP_ERROR, "CP | opcode error | possible opcode=0x%08X", mmio.read(A6xx.CP_SQE_STAT_DATA));
    }
    if (A6xx.CP_INT_UCODE_ERROR.isSet(status)) {
      device.errRatelimited(CP_ERROR, "CP ucode error interrupt");
    }
    if (A6xx.CP_INT_HW_FAULT_ERROR.isSet(status)) {
      device.errRatelimited(CP_ERROR, "CP | HW fault | status=0x%08X", mmio.read(A6xx.CP_HW_FAULT));
    }
    if (A6xx.CP_INT_REGISTER_PROTECTION_ERROR.isSet(status)) {
      int violation = mmio.read(A6xx.CP_PROTECT_STATUS);
      device.errRatelimited(
          CP_ERROR,
          "CP | protected mode error | %s | addr=0x%08X | status=0x%08X",
          A6xx.PROTECT_STATUS_READ.isSet(violation) ? "READ" : "WRITE",
          A6xx.PROTECT_STATUS_REGISTER.get(violation),
          violation);
    }
  }
}
