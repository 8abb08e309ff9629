package org.smmulator.regs.hdmi;

import org.smmulator.hw.reg.Field;
import org.smmulator.hw.reg.Reg32;
import org.smmulator.hw.reg.RegisterMap;

/**
 * Registers of HDMI 1.4: three blocks, in each of which a word holds a byte; a number of more than
 * a byte has an array, the lowest byte first. Kernel: {@code regs-hdmi.h}.
 */
public final class HdmiRegs {
  /** The blocks: bytes from the start of the window. */
  public static final int CTRL_BASE = 0x00000;

  public static final int CORE_BASE = 0x10000;
  public static final int TG_BASE = 0x50000;

  /** The size of each block that the model answers in. */
  public static final int BLOCK_BYTES = 0x1000;

  // ---- control

  private static final RegisterMap CTRL = new RegisterMap("HDMI_CTRL");

  public static final Reg32 INTC_CON = CTRL.reg32("INTC_CON", 0x00);
  public static final Field INTC_EN_HPD_UNPLUG = INTC_CON.bit("EN_HPD_UNPLUG", 2);
  public static final Field INTC_EN_HPD_PLUG = INTC_CON.bit("EN_HPD_PLUG", 3);
  public static final Field INTC_EN_GLOBAL = INTC_CON.bit("EN_GLOBAL", 6);

  /** The PLL of the PHY is locked. */
  public static final Reg32 PHY_STATUS_0 = CTRL.reg32("PHY_STATUS_0", 0x20);

  public static final Field PHY_STATUS_READY = PHY_STATUS_0.bit("READY", 0);
  public static final Reg32 PHY_CON_0 = CTRL.reg32("PHY_CON_0", 0x30);
  public static final Field PHY_POWER_OFF_EN = PHY_CON_0.bit("POWER_OFF_EN", 0);

  /** One holds the PHY in reset. */
  public static final Reg32 PHY_RSTOUT = CTRL.reg32("PHY_RSTOUT", 0x74);

  public static final Field PHY_SW_RSTOUT = PHY_RSTOUT.bit("SW_RSTOUT", 0);

  /** Zero holds the core in reset. */
  public static final Reg32 CORE_RSTOUT = CTRL.reg32("CORE_RSTOUT", 0x80);

  public static final Field CORE_SW_RSTOUT = CORE_RSTOUT.bit("SW_RSTOUT", 0);

  // ---- core

  private static final RegisterMap CORE = new RegisterMap("HDMI_CORE");

  public static final Reg32 CON_0 = CORE.reg32("CON_0", 0x00);
  public static final Field CON_0_EN = CON_0.bit("EN", 0);
  public static final Field CON_0_ASP_EN = CON_0.bit("ASP_EN", 2);

  /** One colour is sent instead of the picture. */
  public static final Field CON_0_BLUE_SCR_EN = CON_0.bit("BLUE_SCR_EN", 5);

  public static final Reg32 CON_1 = CORE.reg32("CON_1", 0x04);
  public static final Reg32 CON_2 = CORE.reg32("CON_2", 0x08);
  public static final Field CON_2_GUARD_BAND_DIS = CON_2.bit("GUARD_BAND_DIS", 1);
  public static final Field CON_2_VID_PREAMBLE_DIS = CON_2.bit("VID_PREAMBLE_DIS", 5);
  public static final Reg32 MODE_SEL = CORE.reg32("MODE_SEL", 0x40);
  public static final Field MODE_DVI_EN = MODE_SEL.bit("DVI_EN", 0);
  public static final Field MODE_HDMI_EN = MODE_SEL.bit("HDMI_EN", 1);

  public static final Reg32 H_BLANK = CORE.array32("H_BLANK", 0xa0, 4, 2);
  public static final Reg32 V2_BLANK = CORE.array32("V2_BLANK", 0xb0, 4, 2);
  public static final Reg32 V1_BLANK = CORE.array32("V1_BLANK", 0xb8, 4, 2);
  public static final Reg32 V_LINE = CORE.array32("V_LINE", 0xc0, 4, 2);
  public static final Reg32 H_LINE = CORE.array32("H_LINE", 0xc8, 4, 2);
  public static final Reg32 HSYNC_POL = CORE.reg32("HSYNC_POL", 0xe0);
  public static final Reg32 VSYNC_POL = CORE.reg32("VSYNC_POL", 0xe4);

  /** One for interlaced pictures. */
  public static final Reg32 INT_PRO_MODE = CORE.reg32("INT_PRO_MODE", 0xe8);

  public static final Reg32 V_BLANK_F0 = CORE.array32("V_BLANK_F0", 0x110, 4, 2);
  public static final Reg32 V_BLANK_F1 = CORE.array32("V_BLANK_F1", 0x118, 4, 2);
  public static final Reg32 H_SYNC_START = CORE.array32("H_SYNC_START", 0x120, 4, 2);
  public static final Reg32 H_SYNC_END = CORE.array32("H_SYNC_END", 0x128, 4, 2);
  public static final Reg32 V_SYNC_LINE_BEF_2 = CORE.array32("V_SYNC_LINE_BEF_2", 0x130, 4, 2);
  public static final Reg32 V_SYNC_LINE_BEF_1 = CORE.array32("V_SYNC_LINE_BEF_1", 0x138, 4, 2);
  public static final Reg32 V_SYNC_LINE_AFT_2 = CORE.array32("V_SYNC_LINE_AFT_2", 0x140, 4, 2);
  public static final Reg32 V_SYNC_LINE_AFT_1 = CORE.array32("V_SYNC_LINE_AFT_1", 0x148, 4, 2);
  public static final Reg32 V_SYNC_LINE_AFT_PXL_2 =
      CORE.array32("V_SYNC_LINE_AFT_PXL_2", 0x150, 4, 2);
  public static final Reg32 V_SYNC_LINE_AFT_PXL_1 =
      CORE.array32("V_SYNC_LINE_AFT_PXL_1", 0x158, 4, 2);

  /** F2 to F5, two bytes each. */
  public static final Reg32 V_BLANK_F2 = CORE.array32("V_BLANK_F2", 0x160, 4, 8);

  /** AFT_3 to AFT_6, two bytes each; so are the next. */
  public static final Reg32 V_SYNC_LINE_AFT_3 = CORE.array32("V_SYNC_LINE_AFT_3", 0x180, 4, 8);

  public static final Reg32 V_SYNC_LINE_AFT_PXL_3 =
      CORE.array32("V_SYNC_LINE_AFT_PXL_3", 0x1a0, 4, 8);

  /** VACT_SPACE_1 to VACT_SPACE_6, two bytes each. */
  public static final Reg32 VACT_SPACE = CORE.array32("VACT_SPACE", 0x1c0, 4, 12);

  /** How often the AVI infoframe is sent: zero for never. */
  public static final Reg32 AVI_CON = CORE.reg32("AVI_CON", 0x700);

  public static final Field AVI_CON_EVERY_VSYNC = AVI_CON.bit("EVERY_VSYNC", 1);

  /** Three bytes of header, the checksum, and thirteen bytes. */
  public static final Reg32 AVI_HEADER = CORE.array32("AVI_HEADER", 0x710, 4, 17);

  public static final Reg32 AUI_CON = CORE.reg32("AUI_CON", 0x800);
  public static final Reg32 VSI_CON = CORE.reg32("VSI_CON", 0xc00);

  // ---- the timing generator

  private static final RegisterMap TG = new RegisterMap("HDMI_TG");

  public static final Reg32 TG_CMD = TG.reg32("CMD", 0x00);
  public static final Field TG_EN = TG_CMD.bit("TG_EN", 0);

  /** A frame is two fields. */
  public static final Field FIELD_EN = TG_CMD.bit("FIELD_EN", 1);

  /** Pixels of a line and lines of a frame, with the blanks. */
  public static final Reg32 TG_H_FSZ = TG.array32("H_FSZ", 0x18, 4, 2);

  public static final Reg32 TG_HACT_ST = TG.array32("HACT_ST", 0x20, 4, 2);

  /** Pixels of a line that are seen. */
  public static final Reg32 TG_HACT_SZ = TG.array32("HACT_SZ", 0x28, 4, 2);

  public static final Reg32 TG_V_FSZ = TG.array32("V_FSZ", 0x30, 4, 2);
  public static final Reg32 TG_VSYNC2 = TG.array32("VSYNC2", 0x40, 4, 2);
  public static final Reg32 TG_VACT_ST = TG.array32("VACT_ST", 0x48, 4, 2);

  /** Lines of a field, or of a frame of one, that are seen. */
  public static final Reg32 TG_VACT_SZ = TG.array32("VACT_SZ", 0x50, 4, 2);

  public static final Reg32 TG_VACT_ST2 = TG.array32("VACT_ST2", 0x60, 4, 2);
  public static final Reg32 TG_VACT_ST3 = TG.array32("VACT_ST3", 0x68, 4, 2);
  public static final Reg32 TG_VACT_ST4 = TG.array32("VACT_ST4", 0x70, 4, 2);
  public static final Reg32 TG_VSYNC_BOT_HDMI = TG.array32("VSYNC_BOT_HDMI", 0x80, 4, 2);
  public static final Reg32 TG_FIELD_BOT_HDMI = TG.array32("FIELD_BOT_HDMI", 0x90, 4, 2);

  // ---- beside it

  private static final RegisterMap PMU = new RegisterMap("PMU");

  /** In the power management unit. */
  public static final Reg32 PMU_HDMI_PHY_CONTROL = PMU.reg32("HDMI_PHY_CONTROL", 0x700);

  /** The PHY is not isolated. */
  public static final Field PMU_HDMI_PHY_ENABLE = PMU_HDMI_PHY_CONTROL.bit("ENABLE", 0);

  private HdmiRegs() {}
}
