package org.smmulator.hw.smmuv2;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.smmuv2.Invalidations.Kind;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;

/**
 * The registers of a context bank that invalidate its TLB entries. A bank of AArch32 tables takes
 * 32 bits where one of AArch64's takes 64.
 */
final class TlbRegisters {
  private final int bank;
  private final Regime regime;
  private final Invalidations invalidations;

  TlbRegisters(int bank, Regime regime, Invalidations invalidations) {
    this.bank = bank;
    this.regime = regime;
    this.invalidations = invalidations;
  }

  /**
   * Adds them to a bank's.
   *
   * @param v1 whether the SMMU is a version 1, whose stage-2 banks have none: there software
   *     invalidates by VMID and syncs globally, as {@code arm_smmu_tlb_inv_context_s2()} and {@code
   *     arm_smmu_s2_tlb_ops_v1} do
   */
  void declare(RegisterFile.Builder registers, boolean v1) {
    iova(registers, Cb.TLBIVA, Kind.ADDRESS);
    iova(registers, Cb.TLBIVAA, Kind.ADDRESS_ALL_ASIDS);
    iova(registers, Cb.TLBIVAL, Kind.LEAF);
    iova(registers, Cb.TLBIVAAL, Kind.LEAF_ALL_ASIDS);
    registers
        .command(Cb.TLBIASID, this::asid)
        .command(Cb.TLBIALL, ignored -> invalidations.post(Kind.BANK, bank, regime.space(0), 0));
    if (!v1) {
      ipa(registers, Cb.TLBIIPAS2, Kind.ADDRESS);
      ipa(registers, Cb.TLBIIPAS2L, Kind.LEAF);
    }
    registers
        .command(Cb.TLBSYNC, ignored -> sync(v1))
        .onRead(
            Cb.TLBSTATUS, () -> invalidations.isSyncing(bank) ? Cb.TLBSTATUS_SACTIVE.mask() : 0);
  }

  private void iova(RegisterFile.Builder registers, Reg64 reg, Kind kind) {
    registers.onWrite(
        reg, regime::isAArch32, low -> narrowIova(kind, low), whole -> wideIova(kind, whole));
  }

  private void ipa(RegisterFile.Builder registers, Reg64 reg, Kind kind) {
    registers.onWrite(
        reg, regime::isAArch32, low -> narrowIpa(kind, low), whole -> wideIpa(kind, whole));
  }

  private void sync(boolean v1) {
    if (!(v1 && regime.isStage2())) {
      invalidations.startSync(bank);
    }
  }

  /** A stage-2 bank has no ASIDs. */
  private void asid(int value) {
    if (!regime.isStage2()) {
      invalidations.post(Kind.ASID, bank, regime.space(value), 0);
    }
  }

  /** The page's address, and the ASID in bits 7:0. */
  private void narrowIova(Kind kind, int value) {
    if (!regime.isStage2()) {
      long iova = Integer.toUnsignedLong(value & CbAArch32.TLBIVA_VA.mask());
      invalidations.post(kind, bank, regime.space(CbAArch32.TLBIVA_ASID.get(value)), iova);
    }
  }

  /**
   * The page number is in bits 43:0, whose top bit is bit 55 of the address. A stage-2 bank has no
   * iovas.
   */
  private void wideIova(Kind kind, long value) {
    if (regime.isAArch64() && !regime.isStage2()) {
      long iova = value << 20 >> 8;
      invalidations.post(kind, bank, regime.space((int) (value >>> Cb.TTBR_ASID_SHIFT)), iova);
    }
  }

  /** The page number. Ignored in a stage-1 bank, whose entries have no IPA. */
  private void narrowIpa(Kind kind, int value) {
    if (regime.isStage2()) {
      long page = CbAArch32.TLBIIPAS2_IPA.get(value);
      invalidations.post(kind, bank, regime.space(0), page << 12);
    }
  }

  /** The page number is in bits 35:0. */
  private void wideIpa(Kind kind, long value) {
    if (regime.isAArch64() && regime.isStage2()) {
      invalidations.post(kind, bank, regime.space(0), value << 28 >>> 16);
    }
  }
}
