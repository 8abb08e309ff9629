package org.smmulator.iommu.exynos;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.Iommu;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.kernel.task.KernelPanic;
import org.smmulator.regs.sysmmu.SysmmuVariant;

/**
 * The fault interrupt of a sysmmu, whose master is blocked meanwhile. Kernel: {@code
 * exynos_sysmmu_irq()}.
 */
final class ExynosSysmmuIrq {
  private final SysmmuDrvdata controller;
  private final Iommu iommu;

  ExynosSysmmuIrq(SysmmuDrvdata controller, Iommu iommu) {
    this.controller = controller;
    this.iommu = iommu;
  }

  /** Reports the fault to the domain's handler; panics if that does not handle it. */
  IrqReturn handle() {
    Mmio registers = controller.registers();
    SysmmuVariant variant = controller.version().variant();
    int status = registers.read(variant.intStatus());
    if (status == 0) {
      return IrqReturn.NONE;
    }
    int bit = Integer.numberOfTrailingZeros(status);
    ExynosSysmmuFault fault = ExynosSysmmuFault.read(registers, variant, bit);
    if (fault == null) {
      controller.device().err("Unhandled interrupt bit %d", bit);
    } else {
      report(fault);
    }
    registers.write(variant.intClear(), 1 << bit);
    controller.unblock();
    return IrqReturn.HANDLED;
  }

  private void report(ExynosSysmmuFault fault) {
    Device master = controller.master();
    controller.device().err("%s: %s", nameOf(master), fault);
    ExynosIommuDomain domain = controller.domain();
    if (domain == null) {
      return; // nobody to ask: the transaction is tried again, and again
    }
    FaultResponse response = iommu.reportFault(domain, master, fault.iova(), fault.flags());
    if (response != FaultResponse.HANDLED) {
      throw new KernelPanic("Unrecoverable System MMU Fault!");
    }
  }

  private static String nameOf(@Nullable Device master) {
    return master == null ? "(null)" : master.name();
  }
}
