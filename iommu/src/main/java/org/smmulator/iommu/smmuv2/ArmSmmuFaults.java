package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.IommuFaultHandler;
import org.smmulator.iommu.IommuServices;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;
import org.smmulator.trace.RateLimit;

/**
 * The handlers of context faults and global faults. They run in hard interrupts, those of context
 * faults of an Adreno's SMMU in a thread.
 */
final class ArmSmmuFaults {
  private final Device device;
  private final Mmio gr0;
  private final Mmio gr1;
  private final ArmSmmuRpm power;
  private final Iommu iommu;
  private final RateLimit contextLimit;
  private final RateLimit globalLimit;

  ArmSmmuFaults(Device device, Mmio gr0, Mmio gr1, ArmSmmuRpm power, IommuServices services) {
    this.power = power;
    this.device = device;
    this.gr0 = gr0;
    this.gr1 = gr1;
    this.iommu = services.iommu();
    this.contextLimit = services.kernel().dmesg().rateLimit("arm_smmu_context_fault");
    this.globalLimit = services.kernel().dmesg().rateLimit("arm_smmu_global_fault");
  }

  /**
   * Handles a context bank's interrupt; not the SMMU's own while it is suspended. Kernel: {@code
   * arm_smmu_context_fault()}.
   */
  IrqReturn context(ArmSmmuDomain domain, Mmio bank, int index) {
    try (ArmSmmuRpm.Held awake = power.holdIfAwake()) {
      return awake == null ? IrqReturn.NONE : contextWhileAwake(domain, bank, index);
    }
  }

  private IrqReturn contextWhileAwake(ArmSmmuDomain domain, Mmio bank, int index) {
    long iova = bank.read(Cb.FAR);
    int fsr = bank.read(Cb.FSR);
    int fsynr0 = bank.read(Cb.FSYNR0);
    int cbfrsynra = gr1.read(Gr1.CBFRSYNRA, index);
    if ((fsr & Cb.FSR_FAULT) == 0) {
      return IrqReturn.NONE;
    }
    int flags = Cb.FSYNR0_WNR.isSet(fsynr0) ? IommuFaultHandler.WRITE : IommuFaultHandler.READ;
    FaultResponse response = iommu.reportFault(domain, null, iova, flags);
    if (response == FaultResponse.UNHANDLED && contextLimit.allows()) {
      print(index, iova, fsr, fsynr0, cbfrsynra);
    }
    bank.write(Cb.FSR, fsr);
    if (Cb.FSR_SS.isSet(fsr)) {
      bank.write(Cb.RESUME, response == FaultResponse.RETRY ? 0 : Cb.RESUME_TERMINATE.mask());
    }
    return IrqReturn.HANDLED;
  }

  /** Kernel: {@code arm_smmu_print_context_fault_info()}. */
  private void print(int index, long iova, int fsr, int fsynr0, int cbfrsynra) {
    device.err(
        "Unhandled context fault: fsr=0x%x, iova=0x%08x, fsynr=0x%x, cbfrsynra=0x%x, cb=%d",
        fsr, iova, fsynr0, cbfrsynra, index);
    device.err(
        "FSR    = %08x [%s%sFormat=%d%s%s%s%s%s%s%s%s], SID=0x%x",
        fsr,
        Cb.FSR_MULTI.isSet(fsr) ? "MULTI " : "",
        Cb.FSR_SS.isSet(fsr) ? "SS " : "",
        Cb.FSR_FORMAT.get(fsr),
        Cb.FSR_UUT.isSet(fsr) ? " UUT" : "",
        Cb.FSR_ASF.isSet(fsr) ? " ASF" : "",
        Cb.FSR_TLBLKF.isSet(fsr) ? " TLBLKF" : "",
        Cb.FSR_TLBMCF.isSet(fsr) ? " TLBMCF" : "",
        Cb.FSR_EF.isSet(fsr) ? " EF" : "",
        Cb.FSR_PF.isSet(fsr) ? " PF" : "",
        Cb.FSR_AFF.isSet(fsr) ? " AFF" : "",
        Cb.FSR_TF.isSet(fsr) ? " TF" : "",
        cbfrsynra);
    device.err(
        "FSYNR0 = %08x [S1CBNDX=%d%s%s%s%s%s%s PLVL=%d]",
        fsynr0,
        Cb.FSYNR0_S1CBNDX.get(fsynr0),
        Cb.FSYNR0_AFR.isSet(fsynr0) ? " AFR" : "",
        Cb.FSYNR0_PTWF.isSet(fsynr0) ? " PTWF" : "",
        Cb.FSYNR0_NSATTR.isSet(fsynr0) ? " NSATTR" : "",
        Cb.FSYNR0_IND.isSet(fsynr0) ? " IND" : "",
        Cb.FSYNR0_PNU.isSet(fsynr0) ? " PNU" : "",
        Cb.FSYNR0_WNR.isSet(fsynr0) ? " WNR" : "",
        Cb.FSYNR0_PLVL.get(fsynr0));
  }

  /** The SMMU's own interrupt. Kernel: {@code arm_smmu_global_fault()}. */
  IrqReturn global() {
    try (ArmSmmuRpm.Held awake = power.holdIfAwake()) {
      return awake == null ? IrqReturn.NONE : globalWhileAwake();
    }
  }

  private IrqReturn globalWhileAwake() {
    int gfsr = gr0.read(Gr0.SGFSR);
    int gfsynr0 = gr0.read(Gr0.SGFSYNR0);
    int gfsynr1 = gr0.read(Gr0.SGFSYNR1);
    int gfsynr2 = gr0.read(Gr0.SGFSYNR2);
    if (gfsr == 0) {
      return IrqReturn.NONE;
    }
    if (globalLimit.allows()) {
      if (Gr0.SGFSR_USF.isSet(gfsr)) {
        device.err(
            "Blocked unknown Stream ID 0x%x; boot with \"arm-smmu.disable_bypass=0\" to allow, but"
                + " this may have security implications",
            Gr0.SGFSYNR1_STREAMID.get(gfsynr1));
      } else {
        device.err("Unexpected global fault, this could be serious");
      }
      device.err(
          "\tGFSR 0x%08x, GFSYNR0 0x%08x, GFSYNR1 0x%08x, GFSYNR2 0x%08x",
          gfsr, gfsynr0, gfsynr1, gfsynr2);
    }
    gr0.write(Gr0.SGFSR, gfsr);
    return IrqReturn.HANDLED;
  }
}
