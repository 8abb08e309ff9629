package org.smmulator.regs.decon;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/** Registers of the Exynos 5433's DECON. Kernel: {@code regs-decon5433.h}. */
public final class DeconRegs {
  /** Size of the register window that the model answers in; a tree's may be smaller. */
  public static final int WINDOW_BYTES = 0x2104;

  /** {@code WINDOWS_NR}. */
  public static final int WINDOWS = 5;

  private static final RegisterMap DECON = new RegisterMap("DECON");

  public static final Reg32 VIDCON0 = DECON.reg32("VIDCON0", 0x0000);
  public static final Field VIDCON0_ENVID_F = VIDCON0.bit("ENVID_F", 0);
  public static final Field VIDCON0_ENVID = VIDCON0.bit("ENVID", 1);

  /** A frame is still being sent. */
  public static final Field VIDCON0_STOP_STATUS = VIDCON0.bit("STOP_STATUS", 2);

  public static final Field VIDCON0_SWRESET = VIDCON0.bit("SWRESET", 28);
  public static final Reg32 VIDOUTCON0 = DECON.reg32("VIDOUTCON0", 0x0010);

  /** {@link #IF_RGB} or {@link #IF_COMMAND}. */
  public static final Field VIDOUT_IF = VIDOUTCON0.bits("IF", 21, 20);

  public static final Field VIDOUT_LCD_ON = VIDOUTCON0.bit("LCD_ON", 24);

  // ---- windows; the highest is on top

  public static final Reg32 WINCON = DECON.array32("WINCON", 0x0020, 4, WINDOWS);
  public static final Field WINCON_ENWIN = WINCON.bit("ENWIN", 0);

  /** Alpha comes from the pixel, else from ALPHA0. */
  public static final Field WINCON_ALPHA_SEL = WINCON.bit("ALPHA_SEL", 1);

  /** One of {@code BPP_*}. */
  public static final Field WINCON_BPPMODE = WINCON.bits("BPPMODE", 5, 2);

  public static final Field WINCON_BLD_PIX = WINCON.bit("BLD_PIX", 6);

  /** The pixel's alpha is multiplied by ALPHA0. */
  public static final Field WINCON_ALPHA_MUL = WINCON.bit("ALPHA_MUL", 7);

  public static final Field WINCON_BURSTLEN = WINCON.bits("BURSTLEN", 11, 10);
  public static final Field WINCON_WSWP = WINCON.bit("WSWP", 15);
  public static final Field WINCON_HAWSWP = WINCON.bit("HAWSWP", 16);

  /** A window whose bit is set keeps what it shows over updates. */
  public static final Reg32 SHADOWCON = DECON.reg32("SHADOWCON", 0x00a0);

  public static final Field SHADOWCON_PROTECT = SHADOWCON.bits("PROTECT", 14, 10);

  /** The left upper corner. */
  public static final Reg32 VIDOSD_A = DECON.array32("VIDOSDxA", 0x00b0, 0x20, WINDOWS);

  public static final Field OSD_X = VIDOSD_A.bits("X", 23, 12);
  public static final Field OSD_Y = VIDOSD_A.bits("Y", 11, 0);

  /** The right lower corner, inclusive. */
  public static final Reg32 VIDOSD_B = DECON.array32("VIDOSDxB", 0x00b4, 0x20, WINDOWS);

  /** ALPHA0. */
  public static final Reg32 VIDOSD_C = DECON.array32("VIDOSDxC", 0x00b8, 0x20, WINDOWS);

  public static final Field OSD_ALPHA_B = VIDOSD_C.bits("ALPHA_B", 7, 0);
  public static final Field OSD_ALPHA_G = VIDOSD_C.bits("ALPHA_G", 15, 8);
  public static final Field OSD_ALPHA_R = VIDOSD_C.bits("ALPHA_R", 23, 16);
  public static final Reg32 VIDOSD_D = DECON.array32("VIDOSDxD", 0x00bc, 0x20, WINDOWS);

  /** The bus address of the first line. */
  public static final Reg32 VIDW_ADD0 = DECON.array32("VIDW0xADD0B0", 0x0150, 0x10, WINDOWS);

  /** The bus address behind the last line. */
  public static final Reg32 VIDW_ADD1 = DECON.array32("VIDW0xADD1B0", 0x01a0, 0x10, WINDOWS);

  public static final Reg32 VIDW_ADD2 = DECON.array32("VIDW0xADD2", 0x0200, 4, WINDOWS);
  public static final Field ADD2_LINE_BYTES = VIDW_ADD2.bits("LINE_BYTES", 13, 0);

  /** Bytes from a line's end to the next line. */
  public static final Field ADD2_GAP_BYTES = VIDW_ADD2.bits("GAP_BYTES", 27, 14);

  // ---- interrupts

  public static final Reg32 VIDINTCON0 = DECON.reg32("VIDINTCON0", 0x0220);
  public static final Field VIDINTCON0_INTEN = VIDINTCON0.bit("INTEN", 0);
  public static final Field VIDINTCON0_INTFRMEN = VIDINTCON0.bit("INTFRMEN", 12);
  public static final Field VIDINTCON0_FRAMESEL = VIDINTCON0.bits("FRAMESEL", 16, 15);
  public static final Field VIDINTCON0_FRAMEDONE = VIDINTCON0.bit("FRAMEDONE", 17);

  /** Write one to clear. */
  public static final Reg32 VIDINTCON1 = DECON.reg32("VIDINTCON1", 0x0224);

  public static final Field VIDINTCON1_INTFRMPEND = VIDINTCON1.bit("INTFRMPEND", 1);
  public static final Field VIDINTCON1_INTFRMDONEPEND = VIDINTCON1.bit("INTFRMDONEPEND", 2);

  // ---- blending of window n, 1 to 4, with what is below it

  public static final Reg32 BLENDERQ = DECON.array32("BLENDERQx", 0x0300, 4, WINDOWS - 1);

  /** The factor of the window: one of {@code BLEND_*}. */
  public static final Field BLENDERQ_A_FUNC = BLENDERQ.bits("A_FUNC", 3, 0);

  /** The factor of what is below. */
  public static final Field BLENDERQ_B_FUNC = BLENDERQ.bits("B_FUNC", 9, 6);

  public static final Reg32 BLENDCON = DECON.reg32("BLENDCON", 0x0310);
  public static final Field BLENDCON_NEW = BLENDCON.bit("NEW", 0);

  // ---- frames

  /** Takes the windows' registers over at the next frame. */
  public static final Reg32 UPDATE = DECON.reg32("UPDATE", 0x1410);

  public static final Field UPDATE_STANDALONE = UPDATE.bit("STANDALONE", 0);

  /** The number of frames that have begun since reset. */
  public static final Reg32 CRFMID = DECON.reg32("CRFMID", 0x1414);

  public static final Reg32 VIDCON1 = DECON.reg32("VIDCON1", 0x2000);
  public static final Field VIDCON1_VSTATUS = VIDCON1.bits("VSTATUS", 14, 13);
  public static final Field VIDCON1_I80_ACTIVE = VIDCON1.bit("I80_ACTIVE", 15);
  public static final Field VIDCON1_LINECNT = VIDCON1.bits("LINECNT", 27, 16);
  public static final Reg32 VIDTCON00 = DECON.reg32("VIDTCON00", 0x2010);
  public static final Reg32 VIDTCON01 = DECON.reg32("VIDTCON01", 0x2014);
  public static final Reg32 VIDTCON10 = DECON.reg32("VIDTCON10", 0x2018);
  public static final Reg32 VIDTCON11 = DECON.reg32("VIDTCON11", 0x201c);

  /** The size of a frame, each less one. */
  public static final Reg32 VIDTCON2 = DECON.reg32("VIDTCON2", 0x2028);

  public static final Field VIDTCON2_HOZVAL = VIDTCON2.bits("HOZVAL", 11, 0);
  public static final Field VIDTCON2_LINEVAL = VIDTCON2.bits("LINEVAL", 27, 16);
  public static final Reg32 TRIGCON = DECON.reg32("TRIGCON", 0x2040);
  public static final Field TRIGCON_HWTRIGEN = TRIGCON.bit("HWTRIGEN", 3);
  public static final Field TRIGCON_HWTRIGMASK = TRIGCON.bit("HWTRIGMASK", 4);
  public static final Field TRIGCON_TRIGEN_F = TRIGCON.bit("TRIGEN_F", 30);
  public static final Field TRIGCON_TRIGEN_PER_F = TRIGCON.bit("TRIGEN_PER_F", 31);

  // ---- values

  /** A panel without memory, which is sent frames all the time. */
  public static final int IF_RGB = 0;

  /** A panel with memory, which is sent a frame by commands. */
  public static final int IF_COMMAND = 2;

  public static final int BPP_565 = 0x5;
  public static final int BPP_I1555 = 0x7;
  public static final int BPP_888 = 0xb;
  public static final int BPP_A8888 = 0xd;

  public static final int BLEND_ZERO = 0x0;
  public static final int BLEND_ONE = 0x1;
  public static final int BLEND_ALPHA_A = 0x2;
  public static final int BLEND_ONE_MINUS_ALPHA_A = 0x3;
  public static final int BLEND_ALPHA0 = 0x6;

  public static final int VSTATUS_VSYNC = 0;
  public static final int VSTATUS_BACK_PORCH = 1;
  public static final int VSTATUS_ACTIVE = 2;
  public static final int VSTATUS_FRONT_PORCH = 3;

  private DeconRegs() {}
}
