package org.smmulator.regs.smmuv2;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.Reg64;
import org.smmulator.hw.reg.RegisterMap;

/**
 * SMMUv2 global register space 0: page 0 of the device. Arm IHI 0062, chapter 10. Kernel: {@code
 * arm-smmu.h}, {@code ARM_SMMU_GR0_*}.
 *
 * <p>Offsets are bytes from the start of the page.
 */
public final class Gr0 {
  private static final RegisterMap GR0 = new RegisterMap("SMMU_GR0");
  private static final RegisterMap EXTENDED = new RegisterMap("SMMU_GR0 of extended stream ids");

  /** How many stream mapping groups there can be. */
  public static final int MAX_STREAM_MAPPINGS = 128;

  public static final Reg32 SCR0 = GR0.reg32("sCR0", 0x00);
  public static final Field SCR0_CLIENTPD = SCR0.bit("CLIENTPD", 0);
  public static final Field SCR0_GFRE = SCR0.bit("GFRE", 1);
  public static final Field SCR0_GFIE = SCR0.bit("GFIE", 2);
  public static final Field SCR0_EXIDENABLE = SCR0.bit("EXIDENABLE", 3);
  public static final Field SCR0_GCFGFRE = SCR0.bit("GCFGFRE", 4);
  public static final Field SCR0_GCFGFIE = SCR0.bit("GCFGFIE", 5);
  public static final Field SCR0_USFCFG = SCR0.bit("USFCFG", 10);
  public static final Field SCR0_VMIDPNE = SCR0.bit("VMIDPNE", 11);
  public static final Field SCR0_PTM = SCR0.bit("PTM", 12);
  public static final Field SCR0_FB = SCR0.bit("FB", 13);
  public static final Field SCR0_BSU = SCR0.bits("BSU", 15, 14);
  public static final Field SCR0_VMID16EN = SCR0.bit("VMID16EN", 31);

  /** Implementation defined. The fields are those of an MMU-500. */
  public static final Reg32 SACR = GR0.reg32("sACR", 0x10);

  public static final Field SACR_SMTNMB_TLBEN = SACR.bit("SMTNMB_TLBEN", 8);
  public static final Field SACR_S2CRB_TLBEN = SACR.bit("S2CRB_TLBEN", 10);
  public static final Field SACR_CACHE_LOCK = SACR.bit("CACHE_LOCK", 26);

  public static final Reg32 ID0 = GR0.reg32("ID0", 0x20);
  public static final Field ID0_NUMSMRG = ID0.bits("NUMSMRG", 7, 0);
  public static final Field ID0_EXIDS = ID0.bit("EXIDS", 8);
  public static final Field ID0_NUMSIDB = ID0.bits("NUMSIDB", 12, 9);
  public static final Field ID0_CTTW = ID0.bit("CTTW", 14);
  public static final Field ID0_NUMIRPT = ID0.bits("NUMIRPT", 23, 16);
  public static final Field ID0_PTFS_NO_AARCH32S = ID0.bit("PTFS_NO_AARCH32S", 24);
  public static final Field ID0_PTFS_NO_AARCH32 = ID0.bit("PTFS_NO_AARCH32", 25);
  public static final Field ID0_ATOSNS = ID0.bit("ATOSNS", 26);
  public static final Field ID0_SMS = ID0.bit("SMS", 27);
  public static final Field ID0_NTS = ID0.bit("NTS", 28);
  public static final Field ID0_S2TS = ID0.bit("S2TS", 29);
  public static final Field ID0_S1TS = ID0.bit("S1TS", 30);

  public static final Reg32 ID1 = GR0.reg32("ID1", 0x24);
  public static final Field ID1_NUMCB = ID1.bits("NUMCB", 7, 0);
  public static final Field ID1_NUMS2CB = ID1.bits("NUMS2CB", 23, 16);
  public static final Field ID1_NUMPAGENDXB = ID1.bits("NUMPAGENDXB", 30, 28);
  public static final Field ID1_PAGESIZE = ID1.bit("PAGESIZE", 31);

  public static final Reg32 ID2 = GR0.reg32("ID2", 0x28);
  public static final Field ID2_IAS = ID2.bits("IAS", 3, 0);
  public static final Field ID2_OAS = ID2.bits("OAS", 7, 4);
  public static final Field ID2_UBS = ID2.bits("UBS", 11, 8);
  public static final Field ID2_PTFS_4K = ID2.bit("PTFS_4K", 12);
  public static final Field ID2_PTFS_16K = ID2.bit("PTFS_16K", 13);
  public static final Field ID2_PTFS_64K = ID2.bit("PTFS_64K", 14);
  public static final Field ID2_VMID16 = ID2.bit("VMID16", 15);

  public static final Reg32 ID3 = GR0.reg32("ID3", 0x2c);
  public static final Reg32 ID4 = GR0.reg32("ID4", 0x30);
  public static final Reg32 ID5 = GR0.reg32("ID5", 0x34);
  public static final Reg32 ID6 = GR0.reg32("ID6", 0x38);

  public static final Reg32 ID7 = GR0.reg32("ID7", 0x3c);
  public static final Field ID7_MINOR = ID7.bits("MINOR", 3, 0);
  public static final Field ID7_MAJOR = ID7.bits("MAJOR", 7, 4);

  /** The address of the transaction of a global fault. */
  public static final Reg64 SGFAR = GR0.reg64("sGFAR", 0x40);

  /** The global faults; write 1 to clear. */
  public static final Reg32 SGFSR = GR0.reg32("sGFSR", 0x48);

  /** A transaction met a stream whose S2CR says fault. */
  public static final Field SGFSR_ICF = SGFSR.bit("ICF", 0);

  /** A transaction came from a stream that no SMR matches. */
  public static final Field SGFSR_USF = SGFSR.bit("USF", 1);

  /** More than one SMR matches a stream. */
  public static final Field SGFSR_SMCF = SGFSR.bit("SMCF", 2);

  /** A stream leads to a context bank that is not there. */
  public static final Field SGFSR_UCBF = SGFSR.bit("UCBF", 3);

  public static final Field SGFSR_MULTI = SGFSR.bit("MULTI", 31);

  public static final Reg32 SGFSYNR0 = GR0.reg32("sGFSYNR0", 0x50);
  public static final Field SGFSYNR0_WNR = SGFSYNR0.bit("WNR", 1);
  public static final Field SGFSYNR0_PNU = SGFSYNR0.bit("PNU", 2);
  public static final Field SGFSYNR0_IND = SGFSYNR0.bit("IND", 3);
  public static final Reg32 SGFSYNR1 = GR0.reg32("sGFSYNR1", 0x54);
  public static final Field SGFSYNR1_STREAMID = SGFSYNR1.bits("StreamID", 15, 0);
  public static final Reg32 SGFSYNR2 = GR0.reg32("sGFSYNR2", 0x58);

  /** Invalidates everything that the VMID written tags. */
  public static final Reg32 TLBIVMID = GR0.reg32("TLBIVMID", 0x64);

  /** Invalidates everything that is neither secure nor the hypervisor's. */
  public static final Reg32 TLBIALLNSNH = GR0.reg32("TLBIALLNSNH", 0x68);

  /** Invalidates everything of the hypervisor's. */
  public static final Reg32 TLBIALLH = GR0.reg32("TLBIALLH", 0x6c);

  public static final Reg32 STLBGSYNC = GR0.reg32("sTLBGSYNC", 0x70);
  public static final Reg32 STLBGSTATUS = GR0.reg32("sTLBGSTATUS", 0x74);
  public static final Field STLBGSTATUS_GSACTIVE = STLBGSTATUS.bit("GSACTIVE", 0);

  /** Which streams: a stream matches if it equals ID in every bit that MASK leaves. */
  public static final Reg32 SMR = GR0.array32("SMR", 0x800, 4, MAX_STREAM_MAPPINGS);

  public static final Field SMR_ID = SMR.bits("ID", 15, 0);

  /** Bits 30:16. With extended stream ids bit 31 belongs to it too: {@link #SMR_EXT_MASK}. */
  public static final Field SMR_MASK = SMR.bits("MASK", 30, 16);

  public static final Field SMR_VALID = SMR.bit("VALID", 31);

  /** The same register while {@link #SCR0_EXIDENABLE} is set; S2CR says then which are valid. */
  private static final Reg32 EXT_SMR = EXTENDED.array32("SMR", 0x800, 4, MAX_STREAM_MAPPINGS);

  public static final Field SMR_EXT_MASK = EXT_SMR.bits("MASK", 31, 16);

  /** The treatment of the streams of the SMR with the same index: translate, bypass or fault. */
  public static final Reg32 S2CR = GR0.array32("S2CR", 0xc00, 4, MAX_STREAM_MAPPINGS);

  public static final Field S2CR_CBNDX = S2CR.bits("CBNDX", 7, 0);

  /** With extended stream ids: the SMR of the same index counts. */
  public static final Field S2CR_EXIDVALID = S2CR.bit("EXIDVALID", 10);

  public static final Field S2CR_TYPE = S2CR.bits("TYPE", 17, 16);
  public static final Field S2CR_PRIVCFG = S2CR.bits("PRIVCFG", 25, 24);

  public static final int S2CR_TYPE_TRANS = 0;
  public static final int S2CR_TYPE_BYPASS = 1;
  public static final int S2CR_TYPE_FAULT = 2;

  public static final int S2CR_PRIVCFG_DEFAULT = 0;
  public static final int S2CR_PRIVCFG_DIPAN = 1;
  public static final int S2CR_PRIVCFG_UNPRIV = 2;
  public static final int S2CR_PRIVCFG_PRIV = 3;

  private Gr0() {}
}
