package org.smmulator.regs.smmuv2;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;

/** The register maps against the offsets and masks that the kernel's header prints. */
class RegisterMapTest {
  @Test
  void globalSpaceZeroIsWhereTheHeaderSays() {
    assertThat(Gr0.SCR0.offset()).isEqualTo(0x00);
    assertThat(Gr0.SACR.offset()).isEqualTo(0x10);
    assertThat(Gr0.ID0.offset()).isEqualTo(0x20);
    assertThat(Gr0.ID7.offset()).isEqualTo(0x3c);
    assertThat(Gr0.SGFSR.offset()).isEqualTo(0x48);
    assertThat(Gr0.SGFSYNR0.offset()).isEqualTo(0x50);
    assertThat(Gr0.SGFSYNR2.offset()).isEqualTo(0x58);
    assertThat(Gr0.TLBIVMID.offset()).isEqualTo(0x64);
    assertThat(Gr0.TLBIALLNSNH.offset()).isEqualTo(0x68);
    assertThat(Gr0.TLBIALLH.offset()).isEqualTo(0x6c);
    assertThat(Gr0.STLBGSYNC.offset()).isEqualTo(0x70);
    assertThat(Gr0.STLBGSTATUS.offset()).isEqualTo(0x74);
    assertThat(Gr0.SMR.offset(5)).isEqualTo(0x814);
    assertThat(Gr0.S2CR.offset(5)).isEqualTo(0xc14);
  }

  @Test
  void globalFieldsAreWhereTheHeaderSays() {
    assertThat(Gr0.SCR0_USFCFG.mask()).isEqualTo(0x400);
    assertThat(Gr0.SCR0_VMID16EN.mask()).isEqualTo(0x8000_0000);
    assertThat(Gr0.ID0_NUMSIDB.mask()).isEqualTo(0x1e00);
    assertThat(Gr0.ID0_S1TS.mask()).isEqualTo(0x4000_0000);
    assertThat(Gr0.ID1_NUMPAGENDXB.mask()).isEqualTo(0x7000_0000);
    assertThat(Gr0.ID2_UBS.mask()).isEqualTo(0xf00);
    assertThat(Gr0.SMR_MASK.of(0x7fff) | Gr0.SMR_ID.of(0xffff)).isEqualTo(0x7fff_ffff);
    assertThat(Gr0.S2CR_TYPE.of(Gr0.S2CR_TYPE_FAULT)).isEqualTo(0x2_0000);
    assertThat(Gr0.S2CR_PRIVCFG.of(Gr0.S2CR_PRIVCFG_PRIV)).isEqualTo(0x300_0000);
  }

  @Test
  void globalSpaceOneIsWhereTheHeaderSays() {
    assertThat(Gr1.CBAR.offset(3)).isEqualTo(0x00c);
    assertThat(Gr1.CBFRSYNRA.offset(3)).isEqualTo(0x40c);
    assertThat(Gr1.CBA2R.offset(3)).isEqualTo(0x80c);
    assertThat(Gr1.CBAR_IRPTNDX.of(0xff)).isEqualTo(0xff00_0000);
    assertThat(Gr1.CBAR_TYPE.of(Gr1.CBAR_TYPE_S1_TRANS_S2_BYPASS)).isEqualTo(0x1_0000);
  }

  @Test
  void aContextBankIsWhereTheHeaderSays() {
    assertThat(Cb.RESUME.offset()).isEqualTo(0x08);
    assertThat(Cb.TCR2.offset()).isEqualTo(0x10);
    assertThat(Cb.TTBR0.offset()).isEqualTo(0x20);
    assertThat(Cb.TTBR1.offset()).isEqualTo(0x28);
    assertThat(Cb.TCR.offset()).isEqualTo(0x30);
    assertThat(Cb.CONTEXTIDR.offset()).isEqualTo(0x34);
    assertThat(Cb.MAIR1.offset()).isEqualTo(0x3c);
    assertThat(Cb.PAR.offset()).isEqualTo(0x50);
    assertThat(Cb.FSR.offset()).isEqualTo(0x58);
    assertThat(Cb.FAR.offset()).isEqualTo(0x60);
    assertThat(Cb.FSYNR0.offset()).isEqualTo(0x68);
    assertThat(Cb.TLBIVA.offset()).isEqualTo(0x600);
    assertThat(Cb.TLBIASID.offset()).isEqualTo(0x610);
    assertThat(Cb.TLBIVAL.offset()).isEqualTo(0x620);
    assertThat(Cb.TLBIIPAS2L.offset()).isEqualTo(0x638);
    assertThat(Cb.TLBSTATUS.offset()).isEqualTo(0x7f4);
    assertThat(Cb.ATS1PR.offset()).isEqualTo(0x800);
    assertThat(Cb.ATSR.offset()).isEqualTo(0x8f0);
  }

  @Test
  void theFaultMaskAndTheDriversSctlrAreTheKernelsNumbers() {
    assertThat(Cb.FSR_FAULT).isEqualTo(0xc000_01fe);
    assertThat(
            Cb.SCTLR_CFIE.mask()
                | Cb.SCTLR_CFRE.mask()
                | Cb.SCTLR_AFE.mask()
                | Cb.SCTLR_TRE.mask()
                | Cb.SCTLR_M.mask()
                | Cb.SCTLR_S1_ASIDPNE.mask())
        .isEqualTo(0x1067);
    assertThat(Cb.FSYNR0_S1CBNDX.mask()).isEqualTo(0xff_0000);
    assertThat(Cb.TCR_T1SZ.mask()).isEqualTo(Cb.TCR_T0SZ.mask() << 16);
    assertThat(Cb.TCR_TG1.mask()).isEqualTo(Cb.TCR_TG0.mask() << 16);
  }

  @Test
  void banksStartInTheMiddleOfTheRegisterSpace() {
    SmmuPages small = SmmuPages.of(Gr0.ID1_NUMPAGENDXB.of(2));
    SmmuPages large = SmmuPages.of(Gr0.ID1_NUMPAGENDXB.of(2) | Gr0.ID1_PAGESIZE.of(1));

    assertThat(small.gr1Offset()).isEqualTo(0x1000);
    assertThat(small.bankOffset(1)).isEqualTo(0x9000);
    assertThat(small.sizeBytes()).isEqualTo(0x1_0000);
    assertThat(large.bankOffset(0)).isEqualTo(0x8_0000);
    assertThat(large.sizeBytes()).isEqualTo(0x10_0000);
  }
}
