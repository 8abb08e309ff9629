package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.hw.bus.Timebase;
import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.kernel.device.Device;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;
import org.smmulator.regs.smmuv2.Gr0;

/** TLB invalidation and its syncs. */
final class ArmSmmuTlb {
  /**
   * The value of a write that has none. Kernel: {@code QCOM_DUMMY_VAL}; some of Qualcomm's firmware
   * mishandles zero.
   */
  private static final int DUMMY = 0xffff_ffff;

  private static final int LOOP_TIMEOUT_US = 1_000_000;
  private static final int SPINS = 10;
  private static final long NS_PER_US = 1_000;

  /** By-address invalidations name pages of 4 KiB, whatever the granule. */
  private static final int VA_SHIFT = 12;

  /** The address field is bits 55:12. Arm IHI 0062, SMMU_CBn_TLBIVA. */
  private static final long VA_MASK = (1L << 44) - 1;

  private final Device device;
  private final Mmio gr0;
  private final Timebase timebase;

  ArmSmmuTlb(Device device, Mmio gr0, Timebase timebase) {
    this.device = device;
    this.gr0 = gr0;
    this.timebase = timebase;
  }

  /** Invalidates all entries; no sync. */
  void invalidateAll() {
    gr0.write(Gr0.TLBIALLH, DUMMY);
    gr0.write(Gr0.TLBIALLNSNH, DUMMY);
  }

  /** Waits for all that was started anywhere. Kernel: {@code arm_smmu_tlb_sync_global()}. */
  void syncGlobal() {
    sync(gr0, Gr0.STLBGSYNC, Gr0.STLBGSTATUS, Gr0.STLBGSTATUS_GSACTIVE);
  }

  /** Waits for what was started in a bank. Kernel: {@code arm_smmu_tlb_sync_context()}. */
  void syncBank(Mmio bank) {
    sync(bank, Cb.TLBSYNC, Cb.TLBSTATUS, Cb.TLBSTATUS_SACTIVE);
  }

  /** Invalidates the entries of {@code asid}, and syncs. */
  void invalidateAsid(Mmio bank, int asid) {
    bank.write(Cb.TLBIASID, asid);
    syncBank(bank);
  }

  /** Invalidates the entries of {@code vmid} in every bank, and syncs. */
  void invalidateVmid(int vmid) {
    startVmid(vmid);
    syncGlobal();
  }

  /** Invalidates the entries of {@code vmid} in every bank; no sync. */
  void startVmid(int vmid) {
    gr0.write(Gr0.TLBIVMID, vmid);
  }

  /**
   * Invalidates a range of iovas under {@code asid}, one write for each granule; no sync. Kernel:
   * {@code arm_smmu_tlb_inv_range_s1()}.
   *
   * @param wide whether the bank's tables are AArch64's
   * @param leaves whether the tables on the way may stay
   */
  void invalidateIovas(
      Mmio bank,
      boolean wide,
      boolean leaves,
      int asid,
      long iova,
      long sizeBytes,
      long granuleBytes) {
    long tag = (long) asid << Cb.TTBR_ASID_SHIFT;
    for (long done = 0; done < sizeBytes; done += granuleBytes) {
      long at = iova + done;
      if (wide) {
        // The kernel does not mask, so an upper-half iova there spoils the ASID that is or-ed in.
        long page = at >>> VA_SHIFT & VA_MASK;
        bank.write(leaves ? Cb.TLBIVAL : Cb.TLBIVA, page | tag);
      } else {
        int page = (int) at & CbAArch32.TLBIVA_VA.mask();
        bank.write(leaves ? CbAArch32.TLBIVAL : CbAArch32.TLBIVA, page | asid);
      }
    }
  }

  /**
   * Invalidates a range of intermediate addresses; no sync. Kernel: {@code
   * arm_smmu_tlb_inv_range_s2()}.
   */
  void invalidateIpas(
      Mmio bank, boolean wide, boolean leaves, long ipa, long sizeBytes, long granuleBytes) {
    for (long done = 0; done < sizeBytes; done += granuleBytes) {
      long page = (ipa + done) >>> VA_SHIFT;
      if (wide) {
        bank.write(leaves ? Cb.TLBIIPAS2L : Cb.TLBIIPAS2, page);
      } else {
        bank.write(leaves ? CbAArch32.TLBIIPAS2L : CbAArch32.TLBIIPAS2, (int) page);
      }
    }
  }

  /**
   * Kernel: {@code __arm_smmu_tlb_sync()}, and {@code qcom_smmu_tlb_sync()}, which says so only if
   * it is built with {@code CONFIG_ARM_SMMU_QCOM_DEBUG}: an SMMU that hangs is never silent here.
   */
  private void sync(Mmio page, Reg32 start, Reg32 status, Field active) {
    page.write(start, DUMMY);
    for (long delayUs = 1; delayUs < LOOP_TIMEOUT_US; delayUs *= 2) {
      for (int spin = 0; spin < SPINS; spin++) {
        if (!active.isSet(page.read(status))) {
          return;
        }
      }
      timebase.consume(delayUs * NS_PER_US);
      timebase.point();
    }
    device.errRatelimited("__arm_smmu_tlb_sync", "TLB sync timed out -- SMMU may be deadlocked");
  }
}
