package org.smmulator.regs.smmuv2;

import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The registers of an MSM8916's IOMMU beside its context banks, and the calls that its firmware
 * answers. Kernel: {@code qcom_iommu.c}, {@code qcom_scm.h}.
 */
public final class QcomIommuLocal {
  private static final RegisterMap LOCAL = new RegisterMap("QCOM_IOMMU");

  /** Which banks' interrupts go to the non-secure world. */
  public static final Reg32 INTR_SEL_NS = LOCAL.reg32("SMMU_INTR_SEL_NS", 0x2000);

  /** Firmware's service for memory protection. Kernel: {@code QCOM_SCM_SVC_MP}. */
  public static final int SCM_SERVICE_MP = 0x0c;

  /**
   * Gives a bank to the non-secure world: the IOMMU's secure id, the bank's number. Kernel: {@code
   * QCOM_SCM_MP_RESTORE_SEC_CFG}.
   */
  public static final int SCM_RESTORE_SEC_CFG = 0x02;

  private QcomIommuLocal() {}
}
