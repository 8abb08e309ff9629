package org.smmulator.regs.mic;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/** Registers of the Exynos 5433's MIC. Kernel: {@code exynos_drm_mic.c}. */
public final class MicRegs {
  /** Size of the register window. Kernel: {@code mic@13930000} of {@code exynos5433.dtsi}. */
  public static final int WINDOW_BYTES = 0x48;

  private static final RegisterMap MIC = new RegisterMap("MIC");

  public static final Reg32 OP = MIC.reg32("MIC_OP", 0x00);
  public static final Field OP_CORE_EN = OP.bit("CORE_EN", 0);

  /** Frames go to a panel that has memory. */
  public static final Field OP_COMMAND_MODE = OP.bit("MODE_SEL_COMMAND_MODE", 1);

  public static final Field OP_CORE_VER = OP.bit("CORE_VER_CONTROL", 2);

  /** Clears all registers, and then itself. */
  public static final Field OP_SW_RST = OP.bit("SW_RST", 4);

  public static final Field OP_PSR_EN = OP.bit("PSR_EN", 5);
  public static final Field OP_BS_CHG_OUT = OP.bit("BS_CHG_OUT", 16);
  public static final Field OP_ON = OP.bit("ON_REG", 30);

  /** The registers as they are now count from here on. */
  public static final Field OP_UPD = OP.bit("UPD_REG", 31);

  public static final Reg32 V_TIMING_0 = MIC.reg32("MIC_V_TIMING_0", 0x08);
  public static final Field V_PERIOD_LINE = V_TIMING_0.bits("V_PERIOD_LINE", 13, 0);
  public static final Field V_PULSE_WIDTH = V_TIMING_0.bits("V_PULSE_WIDTH", 29, 16);
  public static final Reg32 V_TIMING_1 = MIC.reg32("MIC_V_TIMING_1", 0x0c);
  public static final Field VFP_SIZE = V_TIMING_1.bits("VFP_SIZE", 13, 0);
  public static final Field VBP_SIZE = V_TIMING_1.bits("VBP_SIZE", 29, 16);

  /** The size of a frame in pixels, before it is compressed. */
  public static final Reg32 IMG_SIZE = MIC.reg32("MIC_IMG_SIZE", 0x10);

  public static final Field IMG_H_SIZE = IMG_SIZE.bits("IMG_H_SIZE", 13, 0);
  public static final Field IMG_V_SIZE = IMG_SIZE.bits("IMG_V_SIZE", 29, 16);

  public static final Reg32 INPUT_TIMING_0 = MIC.reg32("MIC_INPUT_TIMING_0", 0x14);
  public static final Field H_PERIOD_PIXEL_IN = INPUT_TIMING_0.bits("H_PERIOD_PIXEL_IN", 13, 0);
  public static final Field H_PULSE_WIDTH_IN = INPUT_TIMING_0.bits("H_PULSE_WIDTH_IN", 29, 16);
  public static final Reg32 INPUT_TIMING_1 = MIC.reg32("MIC_INPUT_TIMING_1", 0x18);
  public static final Field HFP_SIZE_IN = INPUT_TIMING_1.bits("HFP_SIZE_IN", 13, 0);
  public static final Field HBP_SIZE_IN = INPUT_TIMING_1.bits("HBP_SIZE_IN", 29, 16);
  public static final Reg32 OUTPUT_TIMING_0 = MIC.reg32("MIC_2D_OUTPUT_TIMING_0", 0x1c);
  public static final Field H_PERIOD_PIXEL_2D = OUTPUT_TIMING_0.bits("H_PERIOD_PIXEL_2D", 13, 0);
  public static final Field H_PULSE_WIDTH_2D = OUTPUT_TIMING_0.bits("H_PULSE_WIDTH_2D", 29, 16);
  public static final Reg32 OUTPUT_TIMING_1 = MIC.reg32("MIC_2D_OUTPUT_TIMING_1", 0x20);
  public static final Field HFP_SIZE_2D = OUTPUT_TIMING_1.bits("HFP_SIZE_2D", 13, 0);
  public static final Field HBP_SIZE_2D = OUTPUT_TIMING_1.bits("HBP_SIZE_2D", 29, 16);
  public static final Reg32 OUTPUT_TIMING_2 = MIC.reg32("MIC_2D_OUTPUT_TIMING_2", 0x24);

  /** The length of a line once it is compressed, in pixels' time. */
  public static final Field BS_SIZE_2D = OUTPUT_TIMING_2.bits("BS_SIZE_2D", 13, 0);

  private MicRegs() {}
}
