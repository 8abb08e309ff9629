package org.smmulator.iommu.qcom;

import org.jspecify.annotations.Nullable;
import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.iommu.FaultResponse;
import org.smmulator.iommu.Iommu;
import org.smmulator.iommu.pgtable.PgtableRegisters;
import org.smmulator.iommu.smmuv2.ArmSmmuLpae;
import org.smmulator.kernel.device.Device;
import org.smmulator.kernel.irq.IrqReturn;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/** One context bank. Kernel: {@code struct qcom_iommu_ctx}. */
final class QcomIommuCtx {
  private static final int PAGE_SHIFT = 12;
  private static final long SYNC_TIMEOUT_NS = 5_000_000_000L;
  private static final long FIRST_POLL_NS = 100;

  private final Device device;
  private final Mmio registers;
  private final int asid;
  private final Timebase timebase;
  private boolean secureInit;
  private @Nullable QcomIommuDomain domain;

  /**
   * Makes the state of a bank.
   *
   * @param device of the bank's own node
   * @param asid its number
   */
  QcomIommuCtx(Device device, Mmio registers, int asid, Timebase timebase) {
    this.device = device;
    this.registers = registers;
    this.asid = asid;
    this.timebase = timebase;
  }

  int asid() {
    return asid;
  }

  /** True if firmware has configured the bank. Kernel: {@code secure_init}. */
  boolean isSecureInit() {
    return secureInit;
  }

  void setSecureInit() {
    secureInit = true;
  }

  /** Clears faults that a boot loader may have left. */
  void clearFaults() {
    registers.write(Cb.FSR, registers.read(Cb.FSR));
  }

  /**
   * Enables translation in the bank. Kernel: {@code qcom_iommu_init_domain()}.
   *
   * <p>Unlike the kernel, which programs a bank for one domain only, it first invalidates what
   * another domain has left under the bank's ASID.
   */
  void enable(QcomIommuDomain by, PgtableRegisters.Stage1 table) {
    registers.write(Cb.SCTLR, 0);
    invalidateAll();
    sync();
    registers.write(Cb.FAR, 0);
    registers.write(Cb.FSR, Cb.FSR_FAULT);
    setBase(table);
    registers.write(Cb.TTBR1, 0);
    registers.write(Cb.TCR2, ArmSmmuLpae.tcr2(table.tcr()));
    registers.write(
        CbAArch32.TCR,
        ArmSmmuLpae.tcr(table.tcr()) | Cb.TCR_EPD1.mask() | CbAArch32.TCR_EAE.mask());
    registers.write(Cb.MAIR0, (int) table.mair());
    registers.write(Cb.MAIR1, (int) (table.mair() >>> 32));
    registers.write(
        Cb.SCTLR,
        Cb.SCTLR_CFIE.mask()
            | Cb.SCTLR_CFRE.mask()
            | Cb.SCTLR_AFE.mask()
            | Cb.SCTLR_TRE.mask()
            | Cb.SCTLR_M.mask()
            | Cb.SCTLR_S1_ASIDPNE.mask()
            | Cb.SCTLR_CFCFG.mask());
    domain = by;
  }

  /** Has walks begin at {@code table}; no invalidation. */
  void setBase(PgtableRegisters.Stage1 table) {
    registers.write(Cb.TTBR0, table.ttbr() | (long) asid << Cb.TTBR_ASID_SHIFT);
  }

  /** Disables translation: every transaction bypasses. */
  void disable() {
    registers.write(Cb.SCTLR, 0);
    domain = null;
  }

  /** Invalidates a range; no sync. Kernel: {@code qcom_iommu_tlb_inv_range_nosync()}. */
  void invalidate(Reg32 command, long iova, long sizeBytes, long granuleBytes) {
    int tagged = (int) (iova >>> PAGE_SHIFT << PAGE_SHIFT) | asid;
    for (long done = 0; done < sizeBytes; done += granuleBytes) {
      registers.write(command, tagged + (int) done);
    }
  }

  /** Invalidates the bank's ASID; no sync. */
  void invalidateAll() {
    registers.write(Cb.TLBIASID, asid);
  }

  /**
   * Waits for what was started. Kernel: {@code qcom_iommu_tlb_sync()}, which polls without a pause;
   * here the pause between two polls grows, so that five seconds of a stuck bank take a few dozen.
   */
  void sync() {
    registers.write(Cb.TLBSYNC, 0);
    long waitedNs = 0;
    for (long pauseNs = FIRST_POLL_NS; waitedNs < SYNC_TIMEOUT_NS; pauseNs += pauseNs / 2) {
      if (!Cb.TLBSTATUS_SACTIVE.isSet(registers.read(Cb.TLBSTATUS))) {
        return;
      }
      timebase.consume(pauseNs);
      timebase.point();
      waitedNs += pauseNs;
    }
    device.err("timeout waiting for TLB SYNC");
  }

  /** The bank's interrupt. Kernel: {@code qcom_iommu_fault()}. */
  IrqReturn fault(Iommu iommu) {
    int fsr = registers.read(Cb.FSR);
    if ((fsr & Cb.FSR_FAULT) == 0) {
      return IrqReturn.NONE;
    }
    int fsynr0 = registers.read(Cb.FSYNR0);
    long iova = registers.read(Cb.FAR);
    // As in the kernel, which prints if report_iommu_fault() returns 0, that is, if a handler took
    // it.
    if (domain != null && iommu.reportFault(domain, device, iova, 0) == FaultResponse.HANDLED) {
      device.errRatelimited(
          "qcom_iommu_fault",
          "Unhandled context fault: fsr=0x%x, iova=0x%016x, fsynr=0x%x, cb=%d",
          fsr,
          iova,
          fsynr0,
          asid);
    }
    registers.write(Cb.FSR, fsr);
    registers.write(Cb.RESUME, Cb.RESUME_TERMINATE.mask());
    return IrqReturn.HANDLED;
  }
}
