package org.smmulator.regs.fimd;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Registers of FIMD as the Exynos 5250 has it, whose timings stand at 0x20000. Kernel: {@code
 * samsung_fimd.h}, {@code exynos_drm_fimd.c}.
 */
public final class FimdRegs {
  /** Size of the register window that the model answers in. */
  public static final int WINDOW_BYTES = 0x20200;

  /** {@code WINDOWS_NR}. */
  public static final int WINDOWS = 5;

  private static final RegisterMap FIMD = new RegisterMap("FIMD");

  public static final Reg32 VIDCON0 = FIMD.reg32("VIDCON0", 0x00);
  public static final Field VIDCON0_ENVID_F = VIDCON0.bit("ENVID_F", 0);
  public static final Field VIDCON0_ENVID = VIDCON0.bit("ENVID", 1);

  // ---- windows; the highest is on top

  public static final Reg32 WINCON = FIMD.array32("WINCON", 0x20, 4, WINDOWS);
  public static final Field WINCON_ENWIN = WINCON.bit("ENWIN", 0);

  /** Alpha comes from the pixel, else from ALPHA0. */
  public static final Field WINCON_ALPHA_SEL = WINCON.bit("ALPHA_SEL", 1);

  /** One of {@code BPP_*}. */
  public static final Field WINCON_BPPMODE = WINCON.bits("BPPMODE", 5, 2);

  public static final Field WINCON_BLD_PIX = WINCON.bit("BLD_PIX", 6);

  /** The pixel's alpha is multiplied by ALPHA0. */
  public static final Field WINCON_ALPHA_MUL = WINCON.bit("ALPHA_MUL", 7);

  public static final Field WINCON_BURSTLEN = WINCON.bits("BURSTLEN", 10, 9);
  public static final Field WINCON_WSWP = WINCON.bit("WSWP", 15);
  public static final Field WINCON_HAWSWP = WINCON.bit("HAWSWP", 16);
  public static final Field WINCON_BYTSWP = WINCON.bit("BYTSWP", 17);
  public static final Reg32 SHADOWCON = FIMD.reg32("SHADOWCON", 0x34);

  /** A window whose bit is not set fetches nothing. */
  public static final Field SHADOWCON_CHANNEL = SHADOWCON.bits("CHANNEL", 4, 0);

  /** A window whose bit is set keeps what it shows over vsyncs. */
  public static final Field SHADOWCON_PROTECT = SHADOWCON.bits("PROTECT", 14, 10);

  /** The left upper corner. */
  public static final Reg32 VIDOSD_A = FIMD.array32("VIDOSDxA", 0x40, 0x10, WINDOWS);

  public static final Field OSD_Y = VIDOSD_A.bits("Y", 10, 0);
  public static final Field OSD_X = VIDOSD_A.bits("X", 21, 11);

  /** The right lower corner, inclusive. */
  public static final Reg32 VIDOSD_B = FIMD.array32("VIDOSDxB", 0x44, 0x10, WINDOWS);

  /** The upper halves of ALPHA0; of window 0 its size. */
  public static final Reg32 VIDOSD_C = FIMD.array32("VIDOSDxC", 0x48, 0x10, WINDOWS);

  public static final Field OSD_ALPHA0_B = VIDOSD_C.bits("ALPHA0_B", 15, 12);
  public static final Field OSD_ALPHA0_G = VIDOSD_C.bits("ALPHA0_G", 19, 16);
  public static final Field OSD_ALPHA0_R = VIDOSD_C.bits("ALPHA0_R", 23, 20);

  /** The size of windows 1 and 2 in pixels. */
  public static final Reg32 VIDOSD_D = FIMD.array32("VIDOSDxD", 0x4c, 0x10, WINDOWS);

  /** The bus address of the first line. */
  public static final Reg32 BUF_START = FIMD.array32("VIDW_BUF_START", 0xa0, 8, WINDOWS);

  /** The bus address behind the last line. */
  public static final Reg32 BUF_END = FIMD.array32("VIDW_BUF_END", 0xd0, 8, WINDOWS);

  public static final Reg32 BUF_SIZE = FIMD.array32("VIDW_BUF_SIZE", 0x100, 4, WINDOWS);
  public static final Field BUF_LINE_BYTES = BUF_SIZE.bits("PAGEWIDTH", 12, 0);

  /** Bytes from a line's end to the next line. */
  public static final Field BUF_GAP_BYTES = BUF_SIZE.bits("OFFSET", 25, 13);

  public static final Field BUF_LINE_BYTES_E = BUF_SIZE.bit("PAGEWIDTH_E", 26);
  public static final Field BUF_GAP_BYTES_E = BUF_SIZE.bit("OFFSET_E", 27);

  // ---- interrupts

  public static final Reg32 VIDINTCON0 = FIMD.reg32("VIDINTCON0", 0x130);
  public static final Field VIDINTCON0_ENABLE = VIDINTCON0.bit("INT_ENABLE", 0);
  public static final Field VIDINTCON0_FRAME = VIDINTCON0.bit("INT_FRAME", 12);

  /** The moment in a frame: {@link #AT_FRONT_PORCH}. */
  public static final Field VIDINTCON0_FRAMESEL0 = VIDINTCON0.bits("FRAMESEL0", 16, 15);

  /** Write one to clear. */
  public static final Reg32 VIDINTCON1 = FIMD.reg32("VIDINTCON1", 0x134);

  public static final Field VIDINTCON1_FRAME = VIDINTCON1.bit("INT_FRAME", 1);

  // ---- colour keys and blending of window n, 1 to 4, with what is below it

  public static final Reg32 WKEYCON0 = FIMD.array32("WKEYCON0", 0x140, 8, WINDOWS - 1);
  public static final Reg32 WKEYCON1 = FIMD.array32("WKEYCON1", 0x144, 8, WINDOWS - 1);

  /** The lower halves of ALPHA0. */
  public static final Reg32 ALPHA0 = FIMD.array32("VIDWnALPHA0", 0x21c, 8, WINDOWS);

  public static final Field ALPHA0_B = ALPHA0.bits("B", 3, 0);
  public static final Field ALPHA0_G = ALPHA0.bits("G", 11, 8);
  public static final Field ALPHA0_R = ALPHA0.bits("R", 19, 16);
  public static final Reg32 ALPHA1 = FIMD.array32("VIDWnALPHA1", 0x220, 8, WINDOWS);
  public static final Reg32 BLENDEQ = FIMD.array32("BLENDEQx", 0x244, 4, WINDOWS - 1);

  /** The factor of the window: one of {@code BLEND_*}. */
  public static final Field BLENDEQ_A_FUNC = BLENDEQ.bits("A_FUNC", 3, 0);

  /** The factor of what is below. */
  public static final Field BLENDEQ_B_FUNC = BLENDEQ.bits("B_FUNC", 9, 6);

  public static final Reg32 BLENDCON = FIMD.reg32("BLENDCON", 0x260);
  public static final Field BLENDCON_NEW = BLENDCON.bit("NEW", 0);

  /** Has red and blue of a pixel change places. */
  public static final Reg32 WIN_RGB_ORDER = FIMD.array32("WIN_RGB_ORDER", 0x2020, 4, WINDOWS);

  public static final Field RGB_ORDER_REVERSE = WIN_RGB_ORDER.bit("REVERSE", 11);

  // ---- timings

  public static final Reg32 VIDOUT_CON = FIMD.reg32("VIDOUT_CON", 0x2_0000);
  public static final Reg32 VIDCON1 = FIMD.reg32("VIDCON1", 0x2_0004);
  public static final Field VIDCON1_INV_VSYNC = VIDCON1.bit("INV_VSYNC", 5);
  public static final Field VIDCON1_INV_HSYNC = VIDCON1.bit("INV_HSYNC", 6);
  public static final Reg32 VIDTCON0 = FIMD.reg32("VIDTCON0", 0x2_0010);
  public static final Reg32 VIDTCON1 = FIMD.reg32("VIDTCON1", 0x2_0014);

  /** Of VIDTCON0 in lines and of VIDTCON1 in pixels, each less one. */
  public static final Field TIMING_PULSE = VIDTCON0.bits("PULSE", 7, 0);

  public static final Field TIMING_FRONT_PORCH = VIDTCON0.bits("FRONT_PORCH", 15, 8);
  public static final Field TIMING_BACK_PORCH = VIDTCON0.bits("BACK_PORCH", 23, 16);

  /** The size of a frame, each less one. */
  public static final Reg32 VIDTCON2 = FIMD.reg32("VIDTCON2", 0x2_0018);

  public static final Field VIDTCON2_HOZVAL = VIDTCON2.bits("HOZVAL", 10, 0);
  public static final Field VIDTCON2_LINEVAL = VIDTCON2.bits("LINEVAL", 21, 11);

  // ---- values

  public static final int BPP_8_PALETTE = 0x3;
  public static final int BPP_565 = 0x5;
  public static final int BPP_1555 = 0x7;
  public static final int BPP_888 = 0xb;
  public static final int BPP_A1888 = 0xd;
  public static final int BURST_16WORD = 0;
  public static final int BURST_4WORD = 2;
  public static final int BLEND_ZERO = 0x0;
  public static final int BLEND_ONE = 0x1;
  public static final int BLEND_ALPHA_A = 0x2;
  public static final int BLEND_ONE_MINUS_ALPHA_A = 0x3;
  public static final int BLEND_ALPHA0 = 0x6;
  public static final int AT_FRONT_PORCH = 3;

  private FimdRegs() {}
}
