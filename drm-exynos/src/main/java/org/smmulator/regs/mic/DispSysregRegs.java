package org.smmulator.regs.mic;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * The register of the Exynos 5433's display block that puts MIC between DECON and DSI. Kernel:
 * {@code exynos_drm_mic.c}, {@code exynos5433_drm_decon.c}.
 */
public final class DispSysregRegs {
  /** Size of the register window. Kernel: {@code syscon@13b80000} of {@code exynos5433.dtsi}. */
  public static final int WINDOW_BYTES = 0x1010;

  private static final RegisterMap SYSREG = new RegisterMap("DISP_SYSREG");

  public static final Reg32 DSD_CFG_MUX = SYSREG.reg32("DSD_CFG_MUX", 0x1004);

  /** Frames with timings go through MIC. */
  public static final Field MIC0_RGB_MUX = DSD_CFG_MUX.bit("MIC0_RGB_MUX", 0);

  /** Frames for a panel that has memory go through MIC. */
  public static final Field MIC0_I80_MUX = DSD_CFG_MUX.bit("MIC0_I80_MUX", 1);

  public static final Field MIC0_ON_MUX = DSD_CFG_MUX.bit("MIC0_ON_MUX", 5);

  /** The panel's tearing signal reaches DECON. */
  public static final Field TE_UNMASK_GLOBAL = DSD_CFG_MUX.bit("TE_UNMASK_GLOBAL", 13);

  private DispSysregRegs() {}
}
