package org.smmulator.regs.smmuv2;

import org.junit.jupiter.api.Test;

/** Every register and field of the SMMUv2 against Arm IHI 0062 and the kernel's header. */
class EveryFieldTest {
  @Test
  void globalSpaceZero() throws Exception {
    FactTable.check(
        Gr0.class,
        """
        SCR0 0x00 CLIENTPD 0 GFRE 1 GFIE 2 EXIDENABLE 3 GCFGFRE 4 GCFGFIE 5 USFCFG 10 VMIDPNE 11
        SCR0 0x00 PTM 12 FB 13 BSU 15:14 VMID16EN 31
        SACR 0x10 SMTNMB_TLBEN 8 S2CRB_TLBEN 10 CACHE_LOCK 26
        ID0 0x20 NUMSMRG 7:0 EXIDS 8 NUMSIDB 12:9 CTTW 14 NUMIRPT 23:16 PTFS_NO_AARCH32S 24
        ID0 0x20 PTFS_NO_AARCH32 25 ATOSNS 26 SMS 27 NTS 28 S2TS 29 S1TS 30
        ID1 0x24 NUMCB 7:0 NUMS2CB 23:16 NUMPAGENDXB 30:28 PAGESIZE 31
        ID2 0x28 IAS 3:0 OAS 7:4 UBS 11:8 PTFS_4K 12 PTFS_16K 13 PTFS_64K 14 VMID16 15
        ID3 0x2c
        ID4 0x30
        ID5 0x34
        ID6 0x38
        ID7 0x3c MINOR 3:0 MAJOR 7:4
        SGFSR 0x48 USF 1
        SGFSYNR0 0x50
        SGFSYNR1 0x54 STREAMID 15:0
        SGFSYNR2 0x58
        TLBIVMID 0x64
        TLBIALLNSNH 0x68
        TLBIALLH 0x6c
        STLBGSYNC 0x70
        STLBGSTATUS 0x74 GSACTIVE 0
        SMR 0x800 ID 15:0 MASK 30:16 EXT_MASK 31:16 VALID 31
        S2CR 0xc00 CBNDX 7:0 EXIDVALID 10 TYPE 17:16 PRIVCFG 25:24
        """);
  }

  @Test
  void globalSpaceOne() throws Exception {
    FactTable.check(
        Gr1.class,
        """
        CBAR 0x000 VMID 7:0 S1_BPSHCFG 9:8 S1_MEMATTR 15:12 TYPE 17:16 IRPTNDX 31:24
        CBFRSYNRA 0x400 SID 15:0
        CBA2R 0x800 VA64 0 VMID16 31:16
        """);
  }

  /** Arm ARM (ARMv7-A), B4.1.153 on, TTBCR, VTCR; the invalidations are the SMMU's own. */
  @Test
  void aContextBankOfAArch32() throws Exception {
    FactTable.check(
        CbAArch32.class,
        """
        TTBR0 0x20
        TTBR1 0x28
        TCR 0x30 T0SZ 2:0 EPD0 7 T1SZ 18:16 A1 22 EPD1 23 EAE 31
        TCR_SHORT 0x30 N 2:0 PD0 4 PD1 5
        VTCR 0x30 T0SZ 4:0 SL0 7:6
        CONTEXTIDR 0x34 ASID 7:0
        TLBIVA 0x600 ASID 7:0 VA 31:12
        TLBIVAL 0x620
        TLBIIPAS2 0x630 IPA 27:0
        TLBIIPAS2L 0x638
        ATS1PR 0x800
        """);
  }

  @Test
  void thePageOfAnAdrenosMmu500() throws Exception {
    FactTable.check(
        AdrenoPrr.class,
        """
        CFG_LADDR 0x6008
        CFG_UADDR 0x600c
        """);
  }

  @Test
  void aContextBank() throws Exception {
    FactTable.check(
        Cb.class,
        """
        SCTLR 0x00 M 0 TRE 1 AFE 2 E 4 CFRE 5 CFIE 6 CFCFG 7 HUPCF 8 S1_ASIDPNE 12
        ACTLR 0x04 CMTLB 0 CPRE 1 PRR 5 PREFETCH 9:8
        RESUME 0x08 TERMINATE 0
        TCR2 0x10 PASIZE 3:0 AS 4 SEP 17:15
        TTBR0 0x20
        TTBR1 0x28
        TCR 0x30 T0SZ 5:0 EPD0 7 IRGN0 9:8 ORGN0 11:10 SH0 13:12 TG0 15:14 A1 22 EPD1 23
        TCR 0x30 T1SZ 21:16 IRGN1 25:24 ORGN1 27:26 SH1 29:28 TG1 31:30
        VTCR 0x30 T0SZ 5:0 SL0 7:6 IRGN0 9:8 ORGN0 11:10 SH0 13:12 TG0 15:14 PS 18:16
        CONTEXTIDR 0x34
        MAIR0 0x38
        MAIR1 0x3c
        PAR 0x50
        FSR 0x58 TF 1 AFF 2 PF 3 EF 4 TLBMCF 5 TLBLKF 6 ASF 7 UUT 8 FORMAT 10:9 SS 30 MULTI 31
        FAR 0x60
        FSYNR0 0x68 PLVL 1:0 WNR 4 PNU 5 IND 6 NSATTR 8 PTWF 10 AFR 11 S1CBNDX 23:16
        FSYNR1 0x6c
        TLBIVA 0x600
        TLBIVAA 0x608
        TLBIASID 0x610
        TLBIVAL 0x620
        TLBIVAAL 0x628
        TLBIIPAS2 0x630
        TLBIIPAS2L 0x638
        TLBSYNC 0x7f0
        TLBSTATUS 0x7f4 SACTIVE 0
        ATS1PR 0x800
        ATS1PW 0x808
        ATS1UR 0x810
        ATS1UW 0x818
        ATSR 0x8f0 ACTIVE 0
        """);
  }
}
