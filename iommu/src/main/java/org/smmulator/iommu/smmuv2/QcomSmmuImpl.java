package org.smmulator.iommu.smmuv2;

import org.smmulator.hw.bus.Mmio;
import org.smmulator.regs.smmuv2.Cb;
import org.smmulator.regs.smmuv2.Gr0;
import org.smmulator.regs.smmuv2.Gr1;

/**
 * A Qualcomm SMMU that is not in front of a GPU: firmware has used it before. Kernel: {@code
 * qcom_smmu_v2_impl} and {@code qcom_smmu_500_impl} in {@code arm-smmu-qcom.c}.
 *
 * <p>Some firmware traps writes of S2CRs: it ignores FAULT, and turns BYPASS into FAULT. There,
 * streams that bypass go to a reserved bank that is disabled, and BYPASS is written for those that
 * fault. Kernel: {@code bypass_quirk}.
 */
final class QcomSmmuImpl extends QcomSmmu {
  /** The CBNDX of an S2CR that names no bank. */
  private static final int NO_BANK = 0xff;

  private static final int NONE = -1;

  /** The bank of streams that bypass, under such firmware. Kernel: {@code bypass_cbndx}. */
  private int bypassBank = NONE;

  QcomSmmuImpl(QcomSmmuMatchData model, GpuDefaultDomain defaultDomain) {
    super(model, defaultDomain);
  }

  /** {@inheritDoc} And {@code qcom_smmu_cfg_probe()}. */
  @Override
  public void takeOver(ArmSmmuDevice smmu) {
    ArmSmmuFeatures features = smmu.features();
    Mmio gr0 = smmu.gr0();
    int last = Math.min(features.streams().groups(), Gr0.MAX_STREAM_MAPPINGS) - 1;
    gr0.write(Gr0.S2CR, last, super.s2cr(Gr0.S2CR_TYPE_BYPASS, NO_BANK));
    if (Gr0.S2CR_TYPE.get(gr0.read(Gr0.S2CR, last)) != Gr0.S2CR_TYPE_BYPASS) {
      bypassBank = features.contextBanks() - 1;
      var _ = smmu.takeBank(bypassBank, features.contextBanks());
      smmu.bank(bypassBank).write(Cb.SCTLR, 0);
      smmu.gr1().write(Gr1.CBAR, bypassBank, Gr1.CBAR_TYPE.of(Gr1.CBAR_TYPE_S1_TRANS_S2_BYPASS));
    }
    smmu.streams().adopt(NO_BANK);
  }

  /** {@inheritDoc} Kernel: {@code qcom_smmu_write_s2cr()}. */
  @Override
  public int s2cr(int type, int bank) {
    if (bypassBank != NONE && type == Gr0.S2CR_TYPE_BYPASS) {
      return super.s2cr(Gr0.S2CR_TYPE_TRANS, bypassBank);
    }
    if (bypassBank != NONE && type == Gr0.S2CR_TYPE_FAULT) {
      return super.s2cr(Gr0.S2CR_TYPE_BYPASS, NO_BANK);
    }
    return super.s2cr(type, bank);
  }
}
