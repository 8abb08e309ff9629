package org.smmulator.regs.mixer;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Registers of the mixer of version 16.0.33.0, which has no video processor. Kernel: {@code
 * regs-mixer.h}, {@code exynos_mixer.c}.
 */
public final class MixerRegs {
  /** Size of the register window that the model answers in. */
  public static final int WINDOW_BYTES = 0x100;

  /** The graphics layers. */
  public static final int LAYERS = 2;

  private static final RegisterMap MXR = new RegisterMap("MXR");

  public static final Reg32 STATUS = MXR.reg32("STATUS", 0x00);
  public static final Field STATUS_REG_RUN = STATUS.bit("REG_RUN", 0);
  public static final Field STATUS_REG_IDLE = STATUS.bit("REG_IDLE", 1);

  /** Vsyncs take over what the registers say; without it what is shown stays. */
  public static final Field STATUS_SYNC_ENABLE = STATUS.bit("SYNC_ENABLE", 2);

  public static final Field STATUS_16_BURST = STATUS.bit("16_BURST", 7);
  public static final Field STATUS_SOFT_RESET = STATUS.bit("SOFT_RESET", 8);

  public static final Reg32 CFG = MXR.reg32("CFG", 0x04);

  /** A picture of high definition, else of standard definition. */
  public static final Field CFG_SCAN_HD = CFG.bit("SCAN_HD", 0);

  /** In standard definition 576 lines, else 480. */
  public static final Field CFG_SCAN_PAL = CFG.bit("SCAN_PAL", 1);

  public static final Field CFG_SCAN_PROGRESSIVE = CFG.bit("SCAN_PROGRESSIVE", 2);

  /** Layer n is enabled if bit n is set. */
  public static final Field CFG_GRP_ENABLE = CFG.bits("GRP_ENABLE", 5, 4);

  /** In high definition 1080 lines, else 720. */
  public static final Field CFG_SCAN_HD_1080 = CFG.bit("SCAN_HD_1080", 6);

  public static final Field CFG_DST_HDMI = CFG.bit("DST_HDMI", 7);
  public static final Field CFG_OUT_RGB888 = CFG.bit("OUT_RGB888", 8);
  public static final Field CFG_QUANT_RANGE_LIMITED = CFG.bit("QUANT_RANGE_LIMITED", 9);
  public static final Field CFG_RGB709 = CFG.bit("RGB709", 10);

  /** How many updates wait for a vsync. */
  public static final Field CFG_LAYER_UPDATE_COUNT = CFG.bits("LAYER_UPDATE_COUNT", 30, 29);

  /** Has the next vsync take the layers over. */
  public static final Field CFG_LAYER_UPDATE = CFG.bit("LAYER_UPDATE", 31);

  public static final Reg32 INT_EN = MXR.reg32("INT_EN", 0x08);
  public static final Field INT_EN_VSYNC = INT_EN.bit("VSYNC", 11);
  public static final Reg32 INT_STATUS = MXR.reg32("INT_STATUS", 0x0c);
  public static final Field INT_STATUS_VSYNC = INT_STATUS.bit("VSYNC", 0);

  /** Writing one clears the other bit. */
  public static final Field INT_STATUS_CLEAR_VSYNC = INT_STATUS.bit("CLEAR_VSYNC", 11);

  /** Priorities: the higher one lies above. */
  public static final Reg32 LAYER_CFG = MXR.reg32("LAYER_CFG", 0x10);

  public static final Field LAYER_CFG_GRP0 = LAYER_CFG.bits("GRP0", 7, 4);
  public static final Field LAYER_CFG_GRP1 = LAYER_CFG.bits("GRP1", 11, 8);

  // ---- layers

  public static final Reg32 GRAPHIC_CFG = MXR.array32("GRAPHIC_CFG", 0x20, 0x20, LAYERS);

  /** The layer's alpha. */
  public static final Field GRP_CFG_ALPHA = GRAPHIC_CFG.bits("ALPHA", 7, 0);

  /** One of {@code FORMAT_*}. */
  public static final Field GRP_CFG_FORMAT = GRAPHIC_CFG.bits("FORMAT", 11, 8);

  public static final Field GRP_CFG_PIXEL_BLEND_EN = GRAPHIC_CFG.bit("PIXEL_BLEND_EN", 16);
  public static final Field GRP_CFG_WIN_BLEND_EN = GRAPHIC_CFG.bit("WIN_BLEND_EN", 17);

  /** Colours are multiplied by their alpha already. */
  public static final Field GRP_CFG_BLEND_PRE_MUL = GRAPHIC_CFG.bit("BLEND_PRE_MUL", 20);

  public static final Field GRP_CFG_COLOR_KEY_DISABLE = GRAPHIC_CFG.bit("COLOR_KEY_DISABLE", 21);

  /** The bus address of the first pixel. */
  public static final Reg32 GRAPHIC_BASE = MXR.array32("GRAPHIC_BASE", 0x24, 0x20, LAYERS);

  /** From a line to the next, in pixels. */
  public static final Reg32 GRAPHIC_SPAN = MXR.array32("GRAPHIC_SPAN", 0x28, 0x20, LAYERS);

  public static final Reg32 GRAPHIC_SXY = MXR.array32("GRAPHIC_SXY", 0x2c, 0x20, LAYERS);
  public static final Reg32 GRAPHIC_WH = MXR.array32("GRAPHIC_WH", 0x30, 0x20, LAYERS);
  public static final Field GRP_WH_HEIGHT = GRAPHIC_WH.bits("HEIGHT", 10, 0);

  /** Each line is sent twice. */
  public static final Field GRP_WH_V_SCALE = GRAPHIC_WH.bit("V_SCALE", 12);

  public static final Field GRP_WH_WIDTH = GRAPHIC_WH.bits("WIDTH", 26, 16);

  /** Each pixel is sent twice. */
  public static final Field GRP_WH_H_SCALE = GRAPHIC_WH.bit("H_SCALE", 28);

  /** The place on the display. */
  public static final Reg32 GRAPHIC_DXY = MXR.array32("GRAPHIC_DXY", 0x34, 0x20, LAYERS);

  public static final Field GRP_DXY_DY = GRAPHIC_DXY.bits("DY", 10, 0);
  public static final Field GRP_DXY_DX = GRAPHIC_DXY.bits("DX", 26, 16);

  // ---- colours

  public static final Reg32 BG_COLOR = MXR.array32("BG_COLOR", 0x64, 4, 3);
  public static final Reg32 CM_COEFF_Y = MXR.reg32("CM_COEFF_Y", 0x80);
  public static final Field CM_COEFF_RGB_FULL = CM_COEFF_Y.bit("RGB_FULL", 30);
  public static final Reg32 CM_COEFF_CB = MXR.reg32("CM_COEFF_CB", 0x84);
  public static final Reg32 CM_COEFF_CR = MXR.reg32("CM_COEFF_CR", 0x88);

  // ---- values

  public static final int FORMAT_RGB565 = 4;
  public static final int FORMAT_ARGB1555 = 5;
  public static final int FORMAT_ARGB4444 = 6;
  public static final int FORMAT_ARGB8888 = 7;

  private MixerRegs() {}
}
