package org.smmulator.regs.smmuv2;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The registers of one SMMUv2 context bank, of stage 1 or, where that is said, of stage 2. Arm IHI
 * 0062, chapter 16. Kernel: {@code arm-smmu.h}, {@code ARM_SMMU_CB_*}.
 *
 * <p>Offsets are bytes from the start of the bank's page.
 */
public final class Cb {
  private static final RegisterMap CB = new RegisterMap("SMMU_CB");

  /** The registers that mean something else in a stage-2 bank. */
  private static final RegisterMap STAGE_2 = new RegisterMap("SMMU_CB of stage 2");

  public static final Reg32 SCTLR = CB.reg32("SCTLR", 0x00);
  public static final Field SCTLR_M = SCTLR.bit("M", 0);
  public static final Field SCTLR_TRE = SCTLR.bit("TRE", 1);
  public static final Field SCTLR_AFE = SCTLR.bit("AFE", 2);
  public static final Field SCTLR_E = SCTLR.bit("E", 4);

  /** A terminated transaction is reported to its master as an abort. */
  public static final Field SCTLR_CFRE = SCTLR.bit("CFRE", 5);

  /** A context fault raises the bank's interrupt. */
  public static final Field SCTLR_CFIE = SCTLR.bit("CFIE", 6);

  /** A context fault stalls the transaction instead of terminating it. */
  public static final Field SCTLR_CFCFG = SCTLR.bit("CFCFG", 7);

  /** Other transactions go on while a fault is outstanding. */
  public static final Field SCTLR_HUPCF = SCTLR.bit("HUPCF", 8);

  public static final Field SCTLR_S1_ASIDPNE = SCTLR.bit("S1_ASIDPNE", 12);

  /** Implementation defined. The fields are those of an MMU-500 and of Qualcomm's. */
  public static final Reg32 ACTLR = CB.reg32("ACTLR", 0x04);

  public static final Field ACTLR_CMTLB = ACTLR.bit("CMTLB", 0);
  public static final Field ACTLR_CPRE = ACTLR.bit("CPRE", 1);
  public static final Field ACTLR_PRR = ACTLR.bit("PRR", 5);
  public static final Field ACTLR_PREFETCH = ACTLR.bits("PREFETCH", 9, 8);

  /** Says what becomes of a stalled transaction: 0 retries it. */
  public static final Reg32 RESUME = CB.reg32("RESUME", 0x08);

  public static final Field RESUME_TERMINATE = RESUME.bit("TERMINATE", 0);

  public static final Reg32 TCR2 = CB.reg32("TCR2", 0x10);
  public static final Field TCR2_PASIZE = TCR2.bits("PASIZE", 3, 0);

  /** ASIDs have 16 bits, not 8. */
  public static final Field TCR2_AS = TCR2.bit("AS", 4);

  public static final Field TCR2_SEP = TCR2.bits("SEP", 17, 15);

  /** The incoming address is sign-extended from its top bit. */
  public static final int TCR2_SEP_UPSTREAM = 7;

  /** The lower half's table, and an ASID in bits 63:48. */
  public static final Reg64 TTBR0 = CB.reg64("TTBR0", 0x20);

  /** The upper half's table, and an ASID in bits 63:48. */
  public static final Reg64 TTBR1 = CB.reg64("TTBR1", 0x28);

  /** The ASID's lowest bit in a TTBR and in the value of an invalidation by address. */
  public static final int TTBR_ASID_SHIFT = 48;

  public static final Reg32 TCR = CB.reg32("TCR", 0x30);
  public static final Field TCR_T0SZ = TCR.bits("T0SZ", 5, 0);
  public static final Field TCR_EPD0 = TCR.bit("EPD0", 7);
  public static final Field TCR_IRGN0 = TCR.bits("IRGN0", 9, 8);
  public static final Field TCR_ORGN0 = TCR.bits("ORGN0", 11, 10);
  public static final Field TCR_SH0 = TCR.bits("SH0", 13, 12);
  public static final Field TCR_TG0 = TCR.bits("TG0", 15, 14);
  public static final Field TCR_T1SZ = TCR.bits("T1SZ", 21, 16);
  public static final Field TCR_A1 = TCR.bit("A1", 22);
  public static final Field TCR_EPD1 = TCR.bit("EPD1", 23);
  public static final Field TCR_IRGN1 = TCR.bits("IRGN1", 25, 24);
  public static final Field TCR_ORGN1 = TCR.bits("ORGN1", 27, 26);
  public static final Field TCR_SH1 = TCR.bits("SH1", 29, 28);

  /**
   * Bits 31:30. For AArch32 tables bit 31 is {@code EAE} and stands alone: see {@link #TCR_EAE}.
   */
  public static final Field TCR_TG1 = TCR.bits("TG1", 31, 30);

  /** {@code EAE}, where the bank reads AArch32 tables: the long format. */
  public static final int TCR_EAE = 1 << 31;

  public static final int TCR_TG0_4K = 0;
  public static final int TCR_TG0_64K = 1;
  public static final int TCR_TG0_16K = 2;
  public static final int TCR_TG1_16K = 1;
  public static final int TCR_TG1_4K = 2;
  public static final int TCR_TG1_64K = 3;

  /** In a stage-2 bank, what is {@link #TCR} in the others. Arm ARM, VTCR_EL2. */
  public static final Reg32 VTCR = STAGE_2.reg32("VTCR", 0x30);

  public static final Field VTCR_T0SZ = VTCR.bits("T0SZ", 5, 0);

  /** The level at which a walk starts, counted down: from 2 with 4 KiB, else from 3. */
  public static final Field VTCR_SL0 = VTCR.bits("SL0", 7, 6);

  public static final Field VTCR_IRGN0 = VTCR.bits("IRGN0", 9, 8);
  public static final Field VTCR_ORGN0 = VTCR.bits("ORGN0", 11, 10);
  public static final Field VTCR_SH0 = VTCR.bits("SH0", 13, 12);
  public static final Field VTCR_TG0 = VTCR.bits("TG0", 15, 14);
  public static final Field VTCR_PS = VTCR.bits("PS", 18, 16);
  public static final int VTCR_RES1 = 1 << 31;

  public static final Reg32 CONTEXTIDR = CB.reg32("CONTEXTIDR", 0x34);
  public static final Reg32 MAIR0 = CB.reg32("MAIR0", 0x38);
  public static final Reg32 MAIR1 = CB.reg32("MAIR1", 0x3c);

  /** The result of ATS1PR: bit 0 set if it faulted, else the physical page. */
  public static final Reg64 PAR = CB.reg64("PAR", 0x50);

  public static final long PAR_F = 1;

  /** The faults of the bank; write 1 to clear. */
  public static final Reg32 FSR = CB.reg32("FSR", 0x58);

  public static final Field FSR_TF = FSR.bit("TF", 1);
  public static final Field FSR_AFF = FSR.bit("AFF", 2);
  public static final Field FSR_PF = FSR.bit("PF", 3);
  public static final Field FSR_EF = FSR.bit("EF", 4);
  public static final Field FSR_TLBMCF = FSR.bit("TLBMCF", 5);
  public static final Field FSR_TLBLKF = FSR.bit("TLBLKF", 6);
  public static final Field FSR_ASF = FSR.bit("ASF", 7);
  public static final Field FSR_UUT = FSR.bit("UUT", 8);
  public static final Field FSR_FORMAT = FSR.bits("FORMAT", 10, 9);

  /** A transaction is stalled; cleared by RESUME only. */
  public static final Field FSR_SS = FSR.bit("SS", 30);

  public static final Field FSR_MULTI = FSR.bit("MULTI", 31);

  public static final int FSR_FORMAT_AARCH32_S = 0;
  public static final int FSR_FORMAT_AARCH32_L = 1;
  public static final int FSR_FORMAT_AARCH64 = 2;

  /** Every bit of FSR that means a fault. Kernel: {@code ARM_SMMU_CB_FSR_FAULT}. */
  public static final int FSR_FAULT =
      FSR_MULTI.mask()
          | FSR_SS.mask()
          | FSR_UUT.mask()
          | FSR_ASF.mask()
          | FSR_TLBLKF.mask()
          | FSR_TLBMCF.mask()
          | FSR_EF.mask()
          | FSR_PF.mask()
          | FSR_AFF.mask()
          | FSR_TF.mask();

  /** The iova of the first fault. */
  public static final Reg64 FAR = CB.reg64("FAR", 0x60);

  public static final Reg32 FSYNR0 = CB.reg32("FSYNR0", 0x68);
  public static final Field FSYNR0_PLVL = FSYNR0.bits("PLVL", 1, 0);

  /**
   * Stage 2 refused a walk of stage 1, whose bank is in {@link #FSYNR0_S1CBNDX}.
   *
   * @implNote Unverified: the position of S1PTWF.
   */
  public static final Field FSYNR0_S1PTWF = FSYNR0.bit("S1PTWF", 3);

  public static final Field FSYNR0_WNR = FSYNR0.bit("WNR", 4);
  public static final Field FSYNR0_PNU = FSYNR0.bit("PNU", 5);
  public static final Field FSYNR0_IND = FSYNR0.bit("IND", 6);
  public static final Field FSYNR0_NSATTR = FSYNR0.bit("NSATTR", 8);
  public static final Field FSYNR0_PTWF = FSYNR0.bit("PTWF", 10);
  public static final Field FSYNR0_AFR = FSYNR0.bit("AFR", 11);
  public static final Field FSYNR0_S1CBNDX = FSYNR0.bits("S1CBNDX", 23, 16);

  /**
   * Implementation defined. In Qualcomm's the low byte says which part of the GPU it was, and 0 is
   * the command processor, the only part that our GPU has; so models leave it zero.
   */
  public static final Reg32 FSYNR1 = CB.reg32("FSYNR1", 0x6c);

  /** In a stage-2 bank, the intermediate address of the first fault; {@link #FAR} has the iova. */
  public static final Reg64 IPAFAR = CB.reg64("IPAFAR", 0x70);

  /** Invalidates an address under an ASID: the page number, and the ASID in bits 63:48. */
  public static final Reg64 TLBIVA = CB.reg64("TLBIVA", 0x600);

  /** As {@link #TLBIVA}, under every ASID. From the architecture; arm-smmu does not use it. */
  public static final Reg64 TLBIVAA = CB.reg64("TLBIVAA", 0x608);

  /** Invalidates all entries of an ASID, but not global ones. */
  public static final Reg32 TLBIASID = CB.reg32("TLBIASID", 0x610);

  /** Invalidates all that the bank has. From the architecture; arm-smmu does not use it. */
  public static final Reg32 TLBIALL = CB.reg32("TLBIALL", 0x618);

  /** As {@link #TLBIVA}, leaf entries only. */
  public static final Reg64 TLBIVAL = CB.reg64("TLBIVAL", 0x620);

  /** As {@link #TLBIVAA}, leaf entries only. */
  public static final Reg64 TLBIVAAL = CB.reg64("TLBIVAAL", 0x628);

  /** In a stage-2 bank: invalidates an intermediate address, by its page number. */
  public static final Reg64 TLBIIPAS2 = CB.reg64("TLBIIPAS2", 0x630);

  /** As {@link #TLBIIPAS2}, leaf entries only. */
  public static final Reg64 TLBIIPAS2L = CB.reg64("TLBIIPAS2L", 0x638);

  /** Starts a sync: until it is through, SACTIVE is set. */
  public static final Reg32 TLBSYNC = CB.reg32("TLBSYNC", 0x7f0);

  public static final Reg32 TLBSTATUS = CB.reg32("TLBSTATUS", 0x7f4);
  public static final Field TLBSTATUS_SACTIVE = TLBSTATUS.bit("SACTIVE", 0);

  /** Translates the page written as a privileged read would; the answer is in PAR. */
  public static final Reg64 ATS1PR = CB.reg64("ATS1PR", 0x800);

  /** As {@link #ATS1PR}, as a privileged write would. arm-smmu uses none of these three. */
  public static final Reg64 ATS1PW = CB.reg64("ATS1PW", 0x808);

  /** As {@link #ATS1PR}, as an unprivileged read would. */
  public static final Reg64 ATS1UR = CB.reg64("ATS1UR", 0x810);

  /** As {@link #ATS1PR}, as an unprivileged write would. */
  public static final Reg64 ATS1UW = CB.reg64("ATS1UW", 0x818);

  public static final Reg32 ATSR = CB.reg32("ATSR", 0x8f0);
  public static final Field ATSR_ACTIVE = ATSR.bit("ACTIVE", 0);

  private Cb() {}
}
