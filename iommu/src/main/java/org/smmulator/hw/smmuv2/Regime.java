package org.smmulator.hw.smmuv2;

import static org.smmulator.regs.smmuv2.Cb.TCR2;
import static org.smmulator.regs.smmuv2.Cb.TTBR0;
import static org.smmulator.regs.smmuv2.Cb.TTBR1;

import org.smmulator.hw.bus.RegisterFile;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.CbAArch32;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * The translation regime of a context bank: its stages, the format of its descriptors, and the VMID
 * and ASID of its TLB entries.
 */
final class Regime {
  private static final int ASID_MASK_8 = 0xff;
  private static final int ASID_MASK_16 = 0xffff;

  private int type;
  private int format;
  private int vmid;
  private int asidMask;
  private int asid;

  /**
   * Takes over what the registers say now.
   *
   * @param wideVmids whether VMIDs have 16 bits: sCR0.VMID16EN
   */
  void read(int cbar, int cba2r, boolean wideVmids, RegisterFile bank) {
    type = Gr1.CBAR_TYPE.get(cbar);
    vmid = wideVmids ? Gr1.CBA2R_VMID16.get(cba2r) : Gr1.CBAR_VMID.get(cbar);
    format = formatOf(cba2r, bank);
    asidMask = isAArch64() && Cb.TCR2_AS.isSet(bank.get(TCR2)) ? ASID_MASK_16 : ASID_MASK_8;
    asid = format == Cb.FSR_FORMAT_AARCH32_S ? shortAsid(bank) : asidOfTtbr(bank);
  }

  private int formatOf(int cba2r, RegisterFile bank) {
    if (Gr1.CBA2R_VA64.isSet(cba2r)) {
      return Cb.FSR_FORMAT_AARCH64;
    }
    boolean isLong = isStage2() || CbAArch32.TCR_EAE.isSet(bank.get(CbAArch32.TCR));
    return isLong ? Cb.FSR_FORMAT_AARCH32_L : Cb.FSR_FORMAT_AARCH32_S;
  }

  private static int shortAsid(RegisterFile bank) {
    return CbAArch32.CONTEXTIDR_ASID.get(bank.get(CbAArch32.CONTEXTIDR));
  }

  /** A1 is the same bit of TCR in AArch64 and in AArch32. */
  private static int asidOfTtbr(RegisterFile bank) {
    long ttbr = bank.get(Cb.TCR_A1.isSet(bank.get(Cb.TCR)) ? TTBR1 : TTBR0);
    return (int) (ttbr >>> Cb.TTBR_ASID_SHIFT);
  }

  /** CBAR.TYPE. */
  int type() {
    return type;
  }

  boolean isStage2() {
    return type == Gr1.CBAR_TYPE_S2_TRANS;
  }

  boolean isNested() {
    return type == Gr1.CBAR_TYPE_S1_TRANS_S2_TRANS;
  }

  /** The FSR.FORMAT code of the tables. */
  int format() {
    return format;
  }

  boolean isAArch64() {
    return format == Cb.FSR_FORMAT_AARCH64;
  }

  boolean isAArch32() {
    return !isAArch64();
  }

  /** The bank's VMID and an ASID, of which a stage-2 bank has none. */
  long space(int ofAsid) {
    return BankSpaces.id(vmid, isStage2() ? 0 : ofAsid & asidMask);
  }

  /** The VMID and ASID of the bank's transactions. */
  long space() {
    return space(asid);
  }
}
