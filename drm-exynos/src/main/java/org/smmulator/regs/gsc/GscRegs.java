package org.smmulator.regs.gsc;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/** Registers of the G-Scaler. Kernel: {@code drivers/gpu/drm/exynos/regs-gsc.h}. */
public final class GscRegs {
  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  /** How many sources can be queued: {@code GSC_MAX_SRC}. */
  public static final int SOURCES = 4;

  /** How many destinations can be queued: {@code GSC_MAX_DST}. */
  public static final int DESTINATIONS = 16;

  private static final RegisterMap GSC = new RegisterMap("GSC");

  public static final Reg32 ENABLE = GSC.reg32("ENABLE", 0x00);
  public static final Field ENABLE_ON = ENABLE.bit("ON", 0);

  /** A frame is being made. */
  public static final Field ENABLE_OP_STATUS = ENABLE.bit("OP_STATUS", 2);

  /** ON is cleared at the end of a frame. */
  public static final Field ENABLE_ON_CLEAR = ENABLE.bit("ON_CLEAR", 4);

  public static final Field ENABLE_CLK_GATE_MODE = ENABLE.bit("CLK_GATE_MODE", 8);

  /** Reads as zero when the reset is done. */
  public static final Reg32 SW_RESET = GSC.reg32("SW_RESET", 0x04);

  public static final Field SW_RESET_SRESET = SW_RESET.bit("SRESET", 0);
  public static final Reg32 IRQ = GSC.reg32("IRQ", 0x08);
  public static final Field IRQ_ENABLE = IRQ.bit("ENABLE", 0);

  /** Keeps the end of a frame from interrupting. */
  public static final Field IRQ_FRMDONE_MASK = IRQ.bit("FRMDONE_MASK", 1);

  public static final Field IRQ_OR_MASK = IRQ.bit("OR_MASK", 2);

  /** A frame is done; write one to clear. */
  public static final Field IRQ_STATUS_FRM_DONE = IRQ.bit("STATUS_FRM_DONE", 16);

  /** An overflow; write one to clear. */
  public static final Field IRQ_STATUS_OR = IRQ.bit("STATUS_OR", 17);

  // ---- source

  public static final Reg32 IN_CON = GSC.reg32("IN_CON", 0x10);

  /** Set if pixels come from a camera or a display and not from memory. */
  public static final Field IN_PATH_LOCAL = IN_CON.bit("PATH_LOCAL", 0);

  public static final Field IN_LOCAL_SEL = IN_CON.bits("LOCAL_SEL", 2, 1);
  public static final Field IN_TILE_MODE = IN_CON.bit("TILE_MODE", 3);

  /** A tile of chrominance has 16 lines, else 8. */
  public static final Field IN_TILE_C_16X16 = IN_CON.bit("TILE_C_16X16", 4);

  /** One of {@code FORMAT_*}. */
  public static final Field IN_FORMAT = IN_CON.bits("FORMAT", 10, 8);

  /** Red difference comes first. */
  public static final Field IN_CHROMA_CRCB = IN_CON.bit("CHROMA_CRCB", 12);

  /** In a plane of both, chrominance has the lower bytes. */
  public static final Field IN_1P_LSB_C = IN_CON.bit("1P_LSB_C", 13);

  public static final Field IN_RGB_WIDE = IN_CON.bit("RGB_WIDE", 14);
  public static final Field IN_RGB_HD = IN_CON.bit("RGB_HD", 15);

  /** Left and right change places, before a rotation. */
  public static final Field IN_XFLIP = IN_CON.bit("XFLIP", 16);

  /** Top and bottom change places, before a rotation. */
  public static final Field IN_YFLIP = IN_CON.bit("YFLIP", 17);

  public static final Field IN_ROT_90 = IN_CON.bit("ROT_90", 18);
  public static final Field IN_RB_SWAP = IN_CON.bit("RB_SWAP", 19);
  public static final Field IN_CHROM_STRIDE_SEPARATE = IN_CON.bit("CHROM_STRIDE_SEPARATE", 20);

  /** The whole image; its width says how far lines are apart. */
  public static final Reg32 SRCIMG_SIZE = GSC.reg32("SRCIMG_SIZE", 0x14);

  public static final Field SRCIMG_WIDTH = SRCIMG_SIZE.bits("WIDTH", 13, 0);
  public static final Field SRCIMG_HEIGHT = SRCIMG_SIZE.bits("HEIGHT", 28, 16);
  public static final Reg32 SRCIMG_OFFSET = GSC.reg32("SRCIMG_OFFSET", 0x18);
  public static final Field SRCIMG_X = SRCIMG_OFFSET.bits("X", 12, 0);
  public static final Field SRCIMG_Y = SRCIMG_OFFSET.bits("Y", 28, 16);
  public static final Reg32 CROPPED_SIZE = GSC.reg32("CROPPED_SIZE", 0x1c);
  public static final Field CROPPED_WIDTH = CROPPED_SIZE.bits("WIDTH", 12, 0);
  public static final Field CROPPED_HEIGHT = CROPPED_SIZE.bits("HEIGHT", 28, 16);

  // ---- destination

  public static final Reg32 OUT_CON = GSC.reg32("OUT_CON", 0x20);
  public static final Field OUT_PATH_LOCAL = OUT_CON.bit("PATH_LOCAL", 0);
  public static final Field OUT_TILE_MODE = OUT_CON.bit("TILE_MODE", 1);
  public static final Field OUT_TILE_C_16X16 = OUT_CON.bit("TILE_C_16X16", 2);

  /** One of {@code FORMAT_*}. */
  public static final Field OUT_FORMAT = OUT_CON.bits("FORMAT", 6, 4);

  public static final Field OUT_CHROMA_CRCB = OUT_CON.bit("CHROMA_CRCB", 8);
  public static final Field OUT_1P_LSB_C = OUT_CON.bit("1P_LSB_C", 9);
  public static final Field OUT_RGB_NARROW = OUT_CON.bit("RGB_NARROW", 10);
  public static final Field OUT_RGB_HD = OUT_CON.bit("RGB_HD", 11);
  public static final Field OUT_RB_SWAP = OUT_CON.bit("RB_SWAP", 12);
  public static final Field OUT_CHROM_STRIDE_SEPARATE = OUT_CON.bit("CHROM_STRIDE_SEPARATE", 13);
  public static final Field OUT_GLOBAL_ALPHA = OUT_CON.bits("GLOBAL_ALPHA", 31, 24);

  /** The size of the picture before it is turned. */
  public static final Reg32 SCALED_SIZE = GSC.reg32("SCALED_SIZE", 0x24);

  public static final Field SCALED_WIDTH = SCALED_SIZE.bits("WIDTH", 12, 0);
  public static final Field SCALED_HEIGHT = SCALED_SIZE.bits("HEIGHT", 28, 16);

  // ---- scaler

  public static final Reg32 PRE_SCALE_RATIO = GSC.reg32("PRE_SCALE_RATIO", 0x28);
  public static final Field PRESC_H_RATIO = PRE_SCALE_RATIO.bits("H_RATIO", 2, 0);
  public static final Field PRESC_V_RATIO = PRE_SCALE_RATIO.bits("V_RATIO", 18, 16);

  /** How far the sum of as many pixels as the ratios say is shifted right. */
  public static final Field PRESC_SHFACTOR = PRE_SCALE_RATIO.bits("SHFACTOR", 30, 28);

  /** Source pixels for one of the destination, 4.16. */
  public static final Reg32 MAIN_H_RATIO = GSC.reg32("MAIN_H_RATIO", 0x2c);

  public static final Field MAIN_H_RATIO_VALUE = MAIN_H_RATIO.bits("VALUE", 19, 0);
  public static final Reg32 MAIN_V_RATIO = GSC.reg32("MAIN_V_RATIO", 0x30);
  public static final Field MAIN_V_RATIO_VALUE = MAIN_V_RATIO.bits("VALUE", 19, 0);
  public static final Reg32 IN_CHROM_STRIDE = GSC.reg32("IN_CHROM_STRIDE", 0x3c);
  public static final Reg32 DSTIMG_SIZE = GSC.reg32("DSTIMG_SIZE", 0x40);
  public static final Field DSTIMG_WIDTH = DSTIMG_SIZE.bits("WIDTH", 12, 0);
  public static final Field DSTIMG_HEIGHT = DSTIMG_SIZE.bits("HEIGHT", 28, 16);
  public static final Reg32 DSTIMG_OFFSET = GSC.reg32("DSTIMG_OFFSET", 0x44);
  public static final Field DSTIMG_X = DSTIMG_OFFSET.bits("X", 12, 0);
  public static final Field DSTIMG_Y = DSTIMG_OFFSET.bits("Y", 28, 16);
  public static final Reg32 OUT_CHROM_STRIDE = GSC.reg32("OUT_CHROM_STRIDE", 0x48);

  // ---- addresses: of each queued buffer a mask bit, and three planes

  public static final Reg32 IN_BASE_ADDR_Y_MASK = GSC.reg32("IN_BASE_ADDR_Y_MASK", 0x4c);

  /** A buffer whose bit is set is not used. */
  public static final Field IN_ADDR_MASK = IN_BASE_ADDR_Y_MASK.bits("MASK", 7, 0);

  public static final Field IN_ADDR_PINGPONG = IN_BASE_ADDR_Y_MASK.bits("PINGPONG", 23, 16);
  public static final Field IN_ADDR_CURR_INDEX = IN_BASE_ADDR_Y_MASK.bits("CURR_INDEX", 27, 24);
  public static final Reg32 IN_BASE_ADDR_Y = GSC.array32("IN_BASE_ADDR_Y", 0x50, 4, SOURCES);
  public static final Reg32 IN_BASE_ADDR_CB_MASK = GSC.reg32("IN_BASE_ADDR_CB_MASK", 0x7c);
  public static final Reg32 IN_BASE_ADDR_CB = GSC.array32("IN_BASE_ADDR_CB", 0x80, 4, SOURCES);
  public static final Reg32 IN_BASE_ADDR_CR_MASK = GSC.reg32("IN_BASE_ADDR_CR_MASK", 0xac);
  public static final Reg32 IN_BASE_ADDR_CR = GSC.array32("IN_BASE_ADDR_CR", 0xb0, 4, SOURCES);
  public static final Reg32 OUT_BASE_ADDR_Y_MASK = GSC.reg32("OUT_BASE_ADDR_Y_MASK", 0x10c);
  public static final Field OUT_ADDR_MASK = OUT_BASE_ADDR_Y_MASK.bits("MASK", 15, 0);
  public static final Field OUT_ADDR_CURR_INDEX = OUT_BASE_ADDR_Y_MASK.bits("CURR_INDEX", 27, 24);
  public static final Reg32 OUT_BASE_ADDR_Y =
      GSC.array32("OUT_BASE_ADDR_Y", 0x110, 4, DESTINATIONS);
  public static final Reg32 OUT_BASE_ADDR_CB_MASK = GSC.reg32("OUT_BASE_ADDR_CB_MASK", 0x15c);
  public static final Reg32 OUT_BASE_ADDR_CB =
      GSC.array32("OUT_BASE_ADDR_CB", 0x160, 4, DESTINATIONS);
  public static final Reg32 OUT_BASE_ADDR_CR_MASK = GSC.reg32("OUT_BASE_ADDR_CR_MASK", 0x1ac);
  public static final Reg32 OUT_BASE_ADDR_CR =
      GSC.array32("OUT_BASE_ADDR_CR", 0x1b0, 4, DESTINATIONS);

  // ---- filters

  /** Coefficients are kept for so many phases of 16; the others mirror them. */
  public static final int PHASES = 9;

  public static final int H_TAPS = 8;
  public static final int V_TAPS = 4;

  /** Each component of a pixel has coefficients of its own. */
  public static final int COMPONENTS = 3;

  /** All coefficients, at {@link #hCoef} and {@link #vCoef}. */
  public static final Reg32 COEFFICIENTS = GSC.array32("COEFFICIENTS", 0x200, 4, 0x878 / 4);

  private static final int V_COEF = 0x200;
  private static final int H_COEF = 0x300;
  private static final int TAP_BYTES = 0x30;
  private static final int COMPONENT_BYTES = 0x300;

  /** The offset of a horizontal coefficient, of which 128 is one: {@code GSC_HCOEF()}. */
  public static int hCoef(int phase, int tap, int component) {
    return H_COEF + Integer.BYTES * phase + TAP_BYTES * tap + COMPONENT_BYTES * component;
  }

  /** The offset of a vertical coefficient: {@code GSC_VCOEF()}. */
  public static int vCoef(int phase, int tap, int component) {
    return V_COEF + Integer.BYTES * phase + TAP_BYTES * tap + COMPONENT_BYTES * component;
  }

  // ---- formats; 2P is a plane of luminance and one of chrominance, 3P has two of the latter

  public static final int FORMAT_XRGB8888 = 0;
  public static final int FORMAT_RGB565 = 1;
  public static final int FORMAT_YUV420_2P = 2;
  public static final int FORMAT_YUV420_3P = 3;
  public static final int FORMAT_YUV422_1P = 4;
  public static final int FORMAT_YUV422_2P = 5;
  public static final int FORMAT_YUV422_3P = 6;

  private GscRegs() {}
}
