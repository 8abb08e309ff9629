package org.smmulator.regs.g2d;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Registers of the FIMG2D v4.1. Kernel: {@code exynos_drm_g2d.c} for those that the driver writes;
 * those that clients write, and all values, are from libdrm's headers of its fimg2d library.
 *
 * <p>The engine fetches command lists. A list lies in memory as 32-bit words, and its last word
 * links to the next:
 *
 * <pre>
 * +---------+----------+-------+----------+-------+-----+---------------------+
 * | n pairs | register | value | register | value | ... | next list, 0: none  |
 * +---------+----------+-------+----------+-------+-----+---------------------+
 * </pre>
 */
public final class G2dRegs {
  /** Size of the register window. */
  public static final int WINDOW_BYTES = 0x1000;

  private static final RegisterMap G2D = new RegisterMap("G2D");

  // ---- general

  public static final Reg32 SOFT_RESET = G2D.reg32("SOFT_RESET", 0x000);
  public static final Field SOFT_RESET_R = SOFT_RESET.bit("R", 0);
  public static final Field SOFT_RESET_SFRCLEAR = SOFT_RESET.bit("SFRCLEAR", 1);
  public static final Reg32 INTEN = G2D.reg32("INTEN", 0x004);
  public static final Field INTEN_GCF = INTEN.bit("GCF", 1);
  public static final Field INTEN_ACF = INTEN.bit("ACF", 3);

  /** Write one to clear. */
  public static final Reg32 INTC_PEND = G2D.reg32("INTC_PEND", 0x00c);

  /** A list has ended that asked to be held there. */
  public static final Field INTP_GCMD_FIN = INTC_PEND.bit("GCMD_FIN", 1);

  /** All lists have ended. */
  public static final Field INTP_ACMD_FIN = INTC_PEND.bit("ACMD_FIN", 3);

  public static final Reg32 DMA_SFR_BASE_ADDR = G2D.reg32("DMA_SFR_BASE_ADDR", 0x080);
  public static final Reg32 DMA_COMMAND = G2D.reg32("DMA_COMMAND", 0x084);
  public static final Field DMA_START = DMA_COMMAND.bit("START", 0);
  public static final Field DMA_CONTINUE = DMA_COMMAND.bit("CONTINUE", 1);
  public static final Field DMA_HALT = DMA_COMMAND.bit("HALT", 2);
  public static final Reg32 DMA_STATUS = G2D.reg32("DMA_STATUS", 0x08c);
  public static final Field DMA_DONE = DMA_STATUS.bit("DONE", 0);
  public static final Field DMA_BITBLT_DONE_COUNT = DMA_STATUS.bits("BITBLT_DONE_COUNT", 16, 1);
  public static final Field DMA_LIST_DONE_COUNT = DMA_STATUS.bits("LIST_DONE_COUNT", 24, 17);
  public static final Reg32 DMA_HOLD_CMD = G2D.reg32("DMA_HOLD_CMD", 0x090);
  public static final Field DMA_LIST_HOLD = DMA_HOLD_CMD.bit("LIST_HOLD", 1);

  // ---- command

  public static final Reg32 BITBLT_START = G2D.reg32("BITBLT_START", 0x100);
  public static final Field START_BITBLT = BITBLT_START.bit("BITBLT", 0);
  public static final Reg32 BITBLT_COMMAND = G2D.reg32("BITBLT_COMMAND", 0x104);

  /** The masked raster operation is done where the mask is set. */
  public static final Field COMMAND_MASK_ROP4 = BITBLT_COMMAND.bit("MASK_ROP4", 0);

  /** The source is multiplied by the mask. */
  public static final Field COMMAND_MASKING = BITBLT_COMMAND.bit("MASKING", 1);

  /** The raster operation makes alpha too; else alpha is the source's. */
  public static final Field COMMAND_ROP4_ALPHA = BITBLT_COMMAND.bit("ROP4_ALPHA", 2);

  /** The clipping window bounds what is drawn. */
  public static final Field COMMAND_CLIP = BITBLT_COMMAND.bit("CW", 8);

  /** One of {@code TRANSPARENT_*}. */
  public static final Field COMMAND_TRANSPARENT_MODE =
      BITBLT_COMMAND.bits("TRANSPARENT_MODE", 15, 12);

  public static final Field COMMAND_ALPHA_BLEND_MODE =
      BITBLT_COMMAND.bits("ALPHA_BLEND_MODE", 23, 20);
  public static final Field COMMAND_SRC_PREMULTIPLY = BITBLT_COMMAND.bit("SRC_PREMULTIPLY", 24);
  public static final Field COMMAND_PAT_PREMULTIPLY = BITBLT_COMMAND.bit("PAT_PREMULTIPLY", 25);
  public static final Field COMMAND_DST_PREMULTIPLY = BITBLT_COMMAND.bit("DST_PREMULTIPLY", 26);
  public static final Field COMMAND_FAST_SOLID_FILL = BITBLT_COMMAND.bit("FAST_SOLID_FILL", 28);
  public static final Reg32 BLEND_FUNCTION = G2D.reg32("BLEND_FUNCTION", 0x108);

  /** One of {@code COEFF_*}. */
  public static final Field BLEND_SRC_COEFF = BLEND_FUNCTION.bits("SRC_COEFF", 3, 0);

  /** The role of the global alpha: one of {@code ACOEFF_*}. */
  public static final Field BLEND_SRC_COEFF_SRC_A = BLEND_FUNCTION.bits("SRC_COEFF_SRC_A", 5, 4);

  public static final Field BLEND_SRC_COEFF_DST_A = BLEND_FUNCTION.bits("SRC_COEFF_DST_A", 7, 6);

  public static final Field BLEND_DST_COEFF = BLEND_FUNCTION.bits("DST_COEFF", 11, 8);
  public static final Field BLEND_DST_COEFF_SRC_A = BLEND_FUNCTION.bits("DST_COEFF_SRC_A", 13, 12);
  public static final Field BLEND_DST_COEFF_DST_A = BLEND_FUNCTION.bits("DST_COEFF_DST_A", 15, 14);

  /** The coefficient is subtracted from one. */
  public static final Field BLEND_INV_SRC_COEFF = BLEND_FUNCTION.bit("INV_SRC_COEFF", 16);

  public static final Field BLEND_INV_DST_COEFF = BLEND_FUNCTION.bit("INV_DST_COEFF", 18);

  /** Both fields: one of {@code ROUND_*}. */
  public static final Reg32 ROUND_MODE = G2D.reg32("ROUND_MODE", 0x10c);

  public static final Field ROUND_BLEND = ROUND_MODE.bits("BLEND", 1, 0);
  public static final Field ROUND_PREMULTIPLY = ROUND_MODE.bits("PREMULTIPLY", 5, 4);

  // ---- rotation

  public static final Reg32 ROTATE = G2D.reg32("ROTATE", 0x200);

  /** The source is turned by a quarter, counter-clockwise. */
  public static final Field ROTATE_SRC_90 = ROTATE.bit("SRC_90", 0);

  // ---- directions: of source and destination, negative goes from the last line up

  public static final Reg32 SRC_MASK_DIRECT = G2D.reg32("SRC_MASK_DIRECT", 0x204);
  public static final Field SRC_X_NEGATIVE = SRC_MASK_DIRECT.bit("SRC_X", 0);
  public static final Field SRC_Y_NEGATIVE = SRC_MASK_DIRECT.bit("SRC_Y", 1);
  public static final Reg32 DST_PAT_DIRECT = G2D.reg32("DST_PAT_DIRECT", 0x208);
  public static final Field DST_X_NEGATIVE = DST_PAT_DIRECT.bit("DST_X", 0);
  public static final Field DST_Y_NEGATIVE = DST_PAT_DIRECT.bit("DST_Y", 1);

  // ---- source

  /** One of {@code SELECT_*}. */
  public static final Reg32 SRC_SELECT = G2D.reg32("SRC_SELECT", 0x300);

  public static final Reg32 SRC_BASE_ADDR = G2D.reg32("SRC_BASE_ADDR", 0x304);

  /** Bytes from a line to the next. */
  public static final Reg32 SRC_STRIDE = G2D.reg32("SRC_STRIDE", 0x308);

  /** One of {@code FORMAT_*} and one of {@code ORDER_*}, as in {@link #DST_COLOR_MODE}. */
  public static final Reg32 SRC_COLOR_MODE = G2D.reg32("SRC_COLOR_MODE", 0x30c);

  public static final Field MODE_FORMAT = SRC_COLOR_MODE.bits("FORMAT", 3, 0);
  public static final Field MODE_ORDER = SRC_COLOR_MODE.bits("ORDER", 5, 4);

  /** Of YCbCr: chrominance has a plane of its own. */
  public static final Field MODE_TWO_PLANES = SRC_COLOR_MODE.bit("TWO_PLANES", 8);

  /** Of YCbCr: one of {@code YCBCR_*}. */
  public static final Field MODE_YCBCR_ORDER = SRC_COLOR_MODE.bits("YCBCR_ORDER", 13, 12);

  /** Of YCbCr: BT.709, else BT.601. */
  public static final Field MODE_CSC_709 = SRC_COLOR_MODE.bit("CSC_709", 16);

  /** Of YCbCr: components use all values. */
  public static final Field MODE_WIDE = SRC_COLOR_MODE.bit("WIDE", 17);

  public static final Reg32 SRC_LEFT_TOP = G2D.reg32("SRC_LEFT_TOP", 0x310);
  public static final Field POINT_X = SRC_LEFT_TOP.bits("X", 12, 0);
  public static final Field POINT_Y = SRC_LEFT_TOP.bits("Y", 28, 16);

  /** The point after the last. */
  public static final Reg32 SRC_RIGHT_BOTTOM = G2D.reg32("SRC_RIGHT_BOTTOM", 0x314);

  public static final Reg32 SRC_PLANE2_BASE_ADDR = G2D.reg32("SRC_PLANE2_BASE_ADDR", 0x318);

  /** One of {@code REPEAT_*}. */
  public static final Reg32 SRC_REPEAT_MODE = G2D.reg32("SRC_REPEAT_MODE", 0x31c);

  public static final Reg32 SRC_PAD_VALUE = G2D.reg32("SRC_PAD_VALUE", 0x320);

  /** One of {@code SCALE_*}. */
  public static final Reg32 SRC_SCALE_CTRL = G2D.reg32("SRC_SCALE_CTRL", 0x328);

  /** Source pixels for one of the destination, 16.16. */
  public static final Reg32 SRC_XSCALE = G2D.reg32("SRC_XSCALE", 0x32c);

  public static final Reg32 SRC_YSCALE = G2D.reg32("SRC_YSCALE", 0x330);

  // ---- destination

  public static final Reg32 DST_SELECT = G2D.reg32("DST_SELECT", 0x400);
  public static final Reg32 DST_BASE_ADDR = G2D.reg32("DST_BASE_ADDR", 0x404);
  public static final Reg32 DST_STRIDE = G2D.reg32("DST_STRIDE", 0x408);
  public static final Reg32 DST_COLOR_MODE = G2D.reg32("DST_COLOR_MODE", 0x40c);
  public static final Reg32 DST_LEFT_TOP = G2D.reg32("DST_LEFT_TOP", 0x410);
  public static final Reg32 DST_RIGHT_BOTTOM = G2D.reg32("DST_RIGHT_BOTTOM", 0x414);
  public static final Reg32 DST_PLANE2_BASE_ADDR = G2D.reg32("DST_PLANE2_BASE_ADDR", 0x418);

  // ---- pattern, mask

  public static final Reg32 PAT_BASE_ADDR = G2D.reg32("PAT_BASE_ADDR", 0x500);
  public static final Reg32 PAT_SIZE = G2D.reg32("PAT_SIZE", 0x504);
  public static final Field PAT_WIDTH = PAT_SIZE.bits("WIDTH", 12, 0);
  public static final Field PAT_HEIGHT = PAT_SIZE.bits("HEIGHT", 28, 16);
  public static final Reg32 PAT_COLOR_MODE = G2D.reg32("PAT_COLOR_MODE", 0x508);

  /** The pixel of the pattern that lies at the origin of the destination. */
  public static final Reg32 PAT_OFFSET = G2D.reg32("PAT_OFFSET", 0x50c);

  public static final Reg32 PAT_STRIDE = G2D.reg32("PAT_STRIDE", 0x510);
  public static final Reg32 MASK_BASE_ADDR = G2D.reg32("MASK_BASE_ADDR", 0x520);
  public static final Reg32 MASK_STRIDE = G2D.reg32("MASK_STRIDE", 0x524);
  public static final Reg32 MASK_LEFT_TOP = G2D.reg32("MASK_LEFT_TOP", 0x528);

  /** The point after the last; the mask repeats from there. */
  public static final Reg32 MASK_RIGHT_BOTTOM = G2D.reg32("MASK_RIGHT_BOTTOM", 0x52c);

  public static final Reg32 MASK_MODE = G2D.reg32("MASK_MODE", 0x530);

  /** One of {@code MASK_*_BIT}. */
  public static final Field MASK_FORMAT = MASK_MODE.bits("FORMAT", 3, 0);

  // ---- clipping window, in coordinates of the destination

  public static final Reg32 CW_LT = G2D.reg32("CW_LT", 0x600);

  /** The point after the last. */
  public static final Reg32 CW_RB = G2D.reg32("CW_RB", 0x604);

  // ---- raster operation, colours

  /** Selects the third operand: one of {@code THIRD_*}. */
  public static final Reg32 THIRD_OPERAND = G2D.reg32("THIRD_OPERAND", 0x610);

  public static final Field THIRD_UNMASKED = THIRD_OPERAND.bits("UNMASKED", 1, 0);
  public static final Field THIRD_MASKED = THIRD_OPERAND.bits("MASKED", 5, 4);

  /** A truth table: bit (third, source, destination) is the result. */
  public static final Reg32 ROP4 = G2D.reg32("ROP4", 0x614);

  public static final Field ROP4_UNMASKED = ROP4.bits("UNMASKED", 7, 0);
  public static final Field ROP4_MASKED = ROP4.bits("MASKED", 15, 8);
  public static final Reg32 ALPHA = G2D.reg32("ALPHA", 0x618);
  public static final Field ALPHA_VALUE = ALPHA.bits("VALUE", 7, 0);
  public static final Field ALPHA_COLOR = ALPHA.bits("COLOR", 31, 8);
  public static final Reg32 FG_COLOR = G2D.reg32("FG_COLOR", 0x700);
  public static final Reg32 BG_COLOR = G2D.reg32("BG_COLOR", 0x704);

  /** The colour of the source that is not drawn. */
  public static final Reg32 BS_COLOR = G2D.reg32("BS_COLOR", 0x708);

  public static final Reg32 SF_COLOR = G2D.reg32("SF_COLOR", 0x70c);

  // ---- values: e_g2d_* of libdrm

  public static final int FORMAT_XRGB8888 = 0;
  public static final int FORMAT_ARGB8888 = 1;
  public static final int FORMAT_RGB565 = 2;
  public static final int FORMAT_XRGB1555 = 3;
  public static final int FORMAT_ARGB1555 = 4;
  public static final int FORMAT_XRGB4444 = 5;
  public static final int FORMAT_ARGB4444 = 6;
  public static final int FORMAT_PACKED_RGB888 = 7;
  public static final int FORMAT_YCBCR444 = 8;
  public static final int FORMAT_YCBCR422 = 9;
  public static final int FORMAT_YCBCR420 = 10;
  public static final int FORMAT_A8 = 11;
  public static final int FORMAT_L8 = 12;

  public static final int ORDER_AXRGB = 0;
  public static final int ORDER_RGBAX = 1;
  public static final int ORDER_AXBGR = 2;
  public static final int ORDER_BGRAX = 3;

  /** From the highest byte down; of a plane of chrominance the red difference is above. */
  public static final int YCBCR_CRY1CBY0 = 0;

  public static final int YCBCR_CBY1CRY0 = 1;
  public static final int YCBCR_Y1CRY0CB = 2;
  public static final int YCBCR_Y1CBY0CR = 3;

  public static final int MASK_1_BIT = 0;
  public static final int MASK_4_BIT = 1;
  public static final int MASK_8_BIT = 2;

  /** From memory. */
  public static final int SELECT_NORMAL = 0;

  public static final int SELECT_FGCOLOR = 1;
  public static final int SELECT_BGCOLOR = 2;

  public static final int REPEAT_REPEAT = 0;
  public static final int REPEAT_PAD = 1;
  public static final int REPEAT_REFLECT = 2;
  public static final int REPEAT_CLAMP = 3;
  public static final int REPEAT_NONE = 4;

  public static final int SCALE_NONE = 0;
  public static final int SCALE_NEAREST = 1;
  public static final int SCALE_BILINEAR = 2;

  public static final int THIRD_PATTERN = 0;
  public static final int THIRD_FGCOLOR = 1;
  public static final int THIRD_BGCOLOR = 2;

  public static final int ROP3_DST = 0xaa;
  public static final int ROP3_SRC = 0xcc;
  public static final int ROP3_THIRD = 0xf0;

  public static final int BLEND_MODE_ENABLE = 1;

  public static final int COEFF_ONE = 0;
  public static final int COEFF_ZERO = 1;
  public static final int COEFF_SRC_ALPHA = 2;
  public static final int COEFF_SRC_COLOR = 3;
  public static final int COEFF_DST_ALPHA = 4;
  public static final int COEFF_DST_COLOR = 5;
  public static final int COEFF_GB_ALPHA = 6;
  public static final int COEFF_GB_COLOR = 7;

  /** One minus the source's alpha, divided by the destination's. */
  public static final int COEFF_DISJOINT_S = 8;

  public static final int COEFF_DISJOINT_D = 9;

  /** The source's alpha, divided by the destination's. */
  public static final int COEFF_CONJOINT_S = 10;

  public static final int COEFF_CONJOINT_D = 11;

  public static final int ACOEFF_ALPHA = 0;
  public static final int ACOEFF_PLUS_GLOBAL = 1;
  public static final int ACOEFF_TIMES_GLOBAL = 2;

  public static final int TRANSPARENT_TRANSPARENT = 1;
  public static final int TRANSPARENT_BLUESCREEN = 2;

  /** Out of reset, of both fields: products are summed before they are rounded. */
  public static final int ROUND_SUM = 3;

  private G2dRegs() {}
}
