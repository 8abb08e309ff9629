package org.smmulator.regs.smmuv2;

import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The page that stands for what is not resident, in an Adreno's MMU-500. Kernel: {@code
 * ARM_SMMU_GFX_PRR_CFG_LADDR} in {@code arm-smmu-qcom.h}.
 *
 * <p>Offsets are bytes from the start of the whole register space. {@link Cb#ACTLR_PRR} lets a bank
 * have it.
 */
public final class AdrenoPrr {
  private static final RegisterMap PRR = new RegisterMap("SMMU_GFX_PRR");

  public static final Reg32 CFG_LADDR = PRR.reg32("CFG_LADDR", 0x6008);
  public static final Reg32 CFG_UADDR = PRR.reg32("CFG_UADDR", 0x600c);

  private AdrenoPrr() {}
}
